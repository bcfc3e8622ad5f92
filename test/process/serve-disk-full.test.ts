// A server whose disk is full: what cannot be written is refused with a sentence, what cannot be audited is not answered,
// and when there is room again it goes on. The disk is a small one of its own, in a mount namespace of the server.
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { ServerProcess } from '../http/server-process.ts';
import { CommandLine } from './command-line.ts';
import { runningProcesses } from './running.ts';
import { ask, initServed } from './served-registry.ts';

const running = runningProcesses();
const line = new CommandLine();
afterEach(() => line.remove());

/** $0 is the disk, $1 the registry that is put on it; 2 MiB of it are taken by a file that can be removed. */
const ON_SMALL_DISK = `mount -t tmpfs -o size=4m tmpfs "$0" && cp "$1" "$0/registry.db" &&
  head -c 2097152 /dev/zero > "$0/filler" && shift && exec "$@"`;

test('is refused with a sentence, loses nothing, and goes on when there is room', async () => {
  const disk = join(line.home, 'disk');
  mkdirSync(disk);
  const made = join(line.home, 'made.db');
  const token = await initServed(line, made);
  copyFileSync(made, join(line.home, 'copy.db'));
  const through = [
    'unshare',
    '--map-root-user',
    '--mount',
    'sh',
    '-c',
    ON_SMALL_DISK,
    disk,
    join(line.home, 'copy.db'),
  ];
  const args = ['--registry', `file:${disk}/registry.db`, '--log-level', 'silent'];
  const server = await ServerProcess.start(line.home, args, running, through);
  const versions = (key: string) => `${server.url}/secret/paths/orders/keys/${key}/versions`;
  const write = (key: string) =>
    ask(versions(key), token, 'POST', { body: { secret: `${key} `.repeat(8000) } });
  const written: string[] = [];
  let refused = await write('first');
  for (let i = 0; refused.status === 200; i += 1) {
    written.push(i === 0 ? 'first' : `key${i}`);
    expect(written.length).toBeLessThan(1000);
    refused = await write(`key${i + 1}`);
  }
  expect(refused.status).toBe(503);
  expect(refused.json).toMatchObject({
    error_code: 50302,
    message: expect.stringMatching(/: the disk is full; nothing was written$/),
  });
  // A line of a read is small, and may find room for a while.
  let read = await ask(`${versions('first')}/latest`, token, 'GET');
  for (let i = 0; read.status === 200 && i < 10_000; i += 1)
    read = await ask(`${versions('first')}/latest`, token, 'GET');
  const unaudited = {
    error_code: 50303,
    message:
      'the request could not be audited, and so is not answered: the store does not take its line',
  };
  expect([read.status, read.json]).toEqual([503, unaudited]);
  // Who asked for a list of names stands in the trail as well.
  for (const url of ['/secret/paths', '/secret/paths/orders/keys'])
    expect([url, (await ask(`${server.url}${url}`, token, 'GET')).json]).toEqual([url, unaudited]);
  for (const url of ['/health/live', '/health/ready', '/registry', '/metrics'])
    expect([url, (await ask(`${server.url}${url}`, token, 'GET')).status]).toEqual([url, 200]);
  rmSync(`/proc/${server.child.pid}/root${disk}/filler`);
  expect((await write('again')).status).toBe(200);
  for (const key of [...written, 'again']) {
    const { json } = await ask(`${versions(key)}/latest`, token, 'GET');
    expect(json).toMatchObject({ version: 1, secret: `${key} `.repeat(8000) });
  }
  expect(await server.stop()).toBe(0);
}, 60_000);
