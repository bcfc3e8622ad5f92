// What stands in a folder may be no file, have no end, or fill the memory: one sentence each, and the others are looked at.
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CommandLine } from './command-line.ts';

const line = new CommandLine();
const folder = join(line.home, 'connectors');
const socket = createServer();
const CONNECTOR = JSON.stringify({
  name: 'orders',
  config: { 'connector.class': 'x', password: 'canary' },
});
const MiB = 2 ** 20;
/** What does not fit would end the process. */
const env = { NODE_OPTIONS: '--max-old-space-size=100' };

beforeAll(async () => {
  mkdirSync(folder);
  const file = (name: string, content: string | Uint8Array) =>
    writeFileSync(join(folder, name), content);
  const link = (name: string, target: string) => symlinkSync(target, join(folder, name));
  file('orders.json', CONNECTOR);
  file('data.json', '{"a":"');
  file('large.json', '{"connector.class":"x","a":"');
  for (const name of ['data.json', 'large.json'])
    for (let at = 0; at < 100; at += 1) appendFileSync(join(folder, name), 'a'.repeat(MiB));
  file(
    'binary.yaml',
    Uint8Array.from({ length: 4096 }, (_, at) => (at * 7919) >> 3),
  );
  file('latin-1.properties', Buffer.from('connector.class=x\npassword=canaryß\n', 'latin1'));
  file('messages_de.properties', Buffer.from('# Texte\ngreeting=Grüße\n', 'latin1'));
  file('lieferung.sql', Buffer.from("-- für die Küche\nSELECT 1 WHERE a = 'ß';\n", 'latin1'));
  file('senke.sql', Buffer.from("CREATE SINK CONNECTOR a WITH ('b' = 'canaryß');\n", 'latin1'));
  file('deploy.sh', Buffer.from('\uFEFF#!/bin/sh\necho für alle\n', 'utf16le'));
  for (const [name, bytes] of Object.entries(encodings())) file(`${name}.json`, bytes);
  execFileSync('mkfifo', [join(folder, 'pipe.json')]);
  link('endless.json', '/dev/zero');
  link('circle.json', 'circle.json');
  link('gone.json', 'nowhere');
  link('round', '.');
  await new Promise<void>((done) => socket.listen(join(folder, 'socket.json'), done));
});

afterAll(() => {
  socket.close();
  line.remove();
});

const IN_LATIN_1 =
  "it is not UTF-8 text: letters beyond ASCII stand in it as ISO-8859-1 has them, and '\\u' and four digits are right in any encoding";

const reasons = [
  ['circle.json', 'it is a symbolic link, or its links go in a circle'],
  ['endless.json', 'it is a pipe, a socket or a device'],
  ['gone.json', 'it is a symbolic link, and what it leads to is not there'],
  ['large.json', 'it is larger than 32 MiB, and no file of connectors is'],
  ['latin-1.properties', IN_LATIN_1],
  ['pipe.json', 'it is a pipe, a socket or a device'],
  ['senke.sql', 'it is not UTF-8 text'],
  ['socket.json', 'it is a pipe, a socket or a device'],
  ['utf-16be-marked.json', 'it is UTF-16BE, and connector files are UTF-8'],
  ['utf-16be.json', 'it is UTF-16BE, and connector files are UTF-8'],
  ['utf-16le-marked.json', 'it is UTF-16LE, and connector files are UTF-8'],
  ['utf-16le.json', 'it is UTF-16LE, and connector files are UTF-8'],
  ['utf-32le.json', 'it is UTF-32LE, and connector files are UTF-8'],
] as const;

test.each(['validate', 'validate --fix --dry-run'])(
  '%s tells of each file in a folder why it cannot be read, and reads the others',
  async (command) => {
    const { end, stdout, stderr } = await line.run([...command.split(' '), 'connectors'], { env });
    expect(end).toBe(3);
    expect(stdout).toContain('connectors/orders.json:1:');
    expect(stdout).toContain('1 error in 1 of 6 files');
    expect(stderr.split('\n').filter((it) => it.includes('cannot be read'))).toEqual(
      reasons.map(([name, why]) => `secretreg: 'connectors/${name}' cannot be read: ${why}`),
    );
    expect(stdout + stderr).not.toContain('canary');
  },
);

test('a named file in UTF-16 is told with what makes it UTF-8', async () => {
  const { end, stderr } = await line.run(['validate', 'connectors/utf-16le.json'], { env });
  expect([end, stderr]).toEqual([
    3,
    `secretreg: 'connectors/utf-16le.json' cannot be read: it is UTF-16LE, and connector files are UTF-8
hint: iconv -f UTF-16LE -t UTF-8 connectors/utf-16le.json > connectors/utf-16le.json.utf-8
`,
  ]);
});

test('so is a named file that has nothing to do with connectors', async () => {
  const { end, stderr } = await line.run(['validate', 'connectors/lieferung.sql'], { env });
  expect([end, stderr]).toEqual([
    3,
    "secretreg: 'connectors/lieferung.sql' cannot be read: it is not UTF-8 text\n",
  ]);
});

test('so is a named .properties file in ISO-8859-1, whatever is in it', async () => {
  const { end, stderr } = await line.run(['validate', 'connectors/messages_de.properties'], {
    env,
  });
  expect([end, stderr]).toEqual([
    3,
    `secretreg: 'connectors/messages_de.properties' cannot be read: ${IN_LATIN_1}
hint: iconv -f ISO-8859-1 -t UTF-8 connectors/messages_de.properties > connectors/messages_de.properties.utf-8    (and then secretreg validate --fix, which writes them so)
`,
  ]);
});

test('a named device without an end is read up to the bound', async () => {
  const { end, stderr } = await line.run(['validate', '/dev/zero'], { env });
  expect([end, stderr]).toEqual([
    3,
    "secretreg: '/dev/zero' cannot be read: it is larger than 32 MiB, and no file of connectors is\n",
  ]);
});

test('a named pipe is read', async () => {
  const pipe = join(folder, 'pipe.json');
  const running = line.run(['validate', pipe], { env });
  execFileSync('sh', ['-c', 'cat "$1" > "$2"', 'sh', join(folder, 'orders.json'), pipe]);
  expect(await running).toMatchObject({
    end: 1,
    stdout: expect.stringContaining(`${pipe}:1:`),
  });
});

function encodings(): Record<string, Uint8Array> {
  const little = Buffer.from(CONNECTOR, 'utf16le');
  const big = Buffer.from(little).swap16();
  return {
    'utf-16le': little,
    'utf-16be': big,
    'utf-16le-marked': Buffer.concat([Buffer.of(0xff, 0xfe), little]),
    'utf-16be-marked': Buffer.concat([Buffer.of(0xfe, 0xff), big]),
    'utf-32le': Buffer.from([...CONNECTOR].flatMap((it) => [it.charCodeAt(0), 0, 0, 0])),
  };
}
