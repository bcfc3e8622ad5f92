// Sessions with a server: each page has one of its own, where $ADMIN may do everything.
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { CommandLine } from '../process/command-line.ts';
import { runningProcesses } from '../process/running.ts';
import { initServed } from '../process/served-registry.ts';
import { keyText } from '../registry/fixture.ts';
import { playPage } from '../scripts/session.ts';
import { ServerProcess } from './server-process.ts';

const PAGES = ['check-values', 'externalize', 'eleven', 'refusals', 'work-flow', 'cli', 'rotation'];

describe('session pages with a server', () => {
  const running = runningProcesses();

  test.each(PAGES)('%s', async (name) => {
    const line = new CommandLine();
    onTestFinished(() => line.remove());
    const token = await initServed(line, join(line.home, 'registry.db'));
    line.file('next.key', `${keyText(50)}\n`);
    const args = ['--log-level', 'warn', '--accept-key-file', 'next.key'];
    const server = await ServerProcess.start(line.home, args, running);
    const { expected, actual } = playPage(`test/http/pages/${name}.md`, {
      env: {
        URL: server.url,
        ADMIN: line.file('admin.header', `Authorization: Bearer ${token}\n`),
        ADMIN_TOKEN: line.file('admin.token', `${token}\n`),
        SERVER: line.home,
      },
      stands: [
        [server.url, '$URL'],
        [`:${new URL(server.url).port}`, ':<port>'],
        [line.home, '$SERVER'],
      ],
    });
    expect(await server.stop()).toBe(0);
    expect(actual).toBe(expected);
  });
});
