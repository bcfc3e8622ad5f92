// Sessions of the built command line on servers: one with TLS, and one without, on loopback.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeCertificates } from '../kafka/certificates.ts';
import { keyText } from '../registry/fixture.ts';
import { playPage } from '../scripts/session.ts';
import { HOLDER } from './served.ts';

const folder = mkdtempSync(join(tmpdir(), 'secretreg-pages-'));
const { authority, broker: pem } = makeCertificates(folder);
const servers: ChildProcess[] = [];
let secure: string;
let plain: string;

beforeAll(async () => {
  [secure, plain] = [await serve(pem), await serve()];
});
afterAll(() => {
  for (const server of servers) server.kill();
  rmSync(folder, { recursive: true });
});

/** The address of a new server. */
async function serve(...args: string[]): Promise<string> {
  const stdio = ['pipe', 'pipe', 'inherit'] as const;
  const server = spawn(process.execPath, ['test/process/rest-server.ts', ...args], {
    stdio: [...stdio],
  });
  servers.push(server);
  const [line] = (await once(server.stdout ?? server, 'data')) as [Buffer];
  return line.toString().trim();
}

test.each(['commands', 'import'])('%s', (name) => {
  const { expected, actual } = playPage(`test/client/pages/${name}.md`, {
    env: {
      SERVER: secure,
      OTHER: plain,
      SECRETREG_CA_FILE: authority,
      TOKEN: HOLDER,
      NEW_KEY: keyText(7),
    },
    stands: [
      [secure, '$SERVER'],
      [plain, '$OTHER'],
      [authority, '$SECRETREG_CA_FILE'],
      [new URL(plain).host, '<host>'],
    ],
  });
  expect(actual).toBe(expected);
});
