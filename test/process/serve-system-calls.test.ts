// Row S of quality.md for a server: for a while its disk fails. What was acknowledged is there and audited, what was refused
// is not, health goes on meanwhile, and when the disk is well again so is the server, without a restart.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { ServerProcess } from '../http/server-process.ts';
import { key } from '../registry/fixture.ts';
import { CommandLine } from './command-line.ts';
import { eventsIn } from './harmed-commands.ts';
import { contentUnder } from './rotation-registry.ts';
import { runningProcesses } from './running.ts';
import { type Answer, ask, initServed } from './served-registry.ts';
import { describeTraced } from './strace.ts';

const running = runningProcesses();
const lines: CommandLine[] = [];
afterEach(() => {
  for (const line of lines.splice(0)) line.remove();
});

/** More of them in a row than a failing disk has calls left to fail. */
const WELL_AGAIN = 20;

/**
 * Which calls fail: those of the start are before, and none is behind. A short outage is got over before anybody is answered,
 * a longer one is told.
 */
const outages = [
  ['fsync', 'EIO', '12..14', false],
  ['fsync', 'EIO', '12..900', true],
  ['fsync', 'ENOSPC', '15..900', true],
  ['pwrite64', 'EIO', '90..160', true],
  ['pwrite64', 'ENOSPC', '100..260', true],
  ['pwrite64', 'EINTR', '100..400', false],
  // The log is read when it is moved into the file, which is done again later.
  ['pread64', 'EIO', '25..60', false],
] as const;

describeTraced('a server whose disk fails for a while', () => {
  test.each(outages)(
    '%s with %s, calls %s',
    async (call, error, which, isTold) => {
      const line = new CommandLine();
      lines.push(line);
      const file = join(line.home, 'registry.db');
      const token = await initServed(line, file);
      const before = await eventsIn(file);
      const log = join(line.home, 'strace.log');
      // With -D the server is the child, and the tracer is not: signals reach the one that they are meant for.
      const through = ['strace', '-D', '-f', '-qq', '-o', log, '-e', `trace=${call}`];
      const inject = ['-e', `inject=${call}:error=${error}:when=${which}`];
      const server = await ServerProcess.start(line.home, ['--log-level', 'silent'], running, [
        ...through,
        ...inject,
      ]);
      const at = (key: string) => `${server.url}/secret/paths/orders/keys/${key}/versions`;
      const written: string[] = [];
      const refused: string[] = [];
      let reads = 0;
      let trouble = 0;
      for (let i = 0, well = 0; well < WELL_AGAIN || i < 60; i += 1) {
        expect(i).toBeLessThan(1000);
        const name = `key${i}`;
        const write = await ask(at(name), token, 'POST', { body: { secret: `value of ${name}` } });
        if (write.status === 200) written.push(name);
        else if (codeIn(write, [50302, 50303, 50304]) === 50302) refused.push(name);
        const read = await ask(`${at(written.at(-1) ?? name)}/latest`, token, 'GET');
        if (read.status === 200) reads += 1;
        else if (read.status !== 404) codeIn(read, [50303, 50302, 50304]);
        expect((await ask(`${server.url}/health/live`, token, 'GET')).status).toBe(200);
        const isWell = write.status === 200 && read.status === 200;
        if (!isWell) trouble += 1;
        well = isWell ? well + 1 : 0;
      }
      expect(await server.stop()).toBe(0);
      const content = await contentUnder(file, { key: key() });
      for (const name of written)
        expect(content[`orders:${name} 1`], name).toMatchObject({ value: `value of ${name}` });
      for (const name of refused) expect(content[`orders:${name} 1`], name).toBeUndefined();
      expect(content).toMatchObject({ auditFault: undefined, alarms: [] });
      const events = await eventsIn(file);
      expect((events['secret.Read'] ?? 0) - (before['secret.Read'] ?? 0)).toBeGreaterThanOrEqual(
        reads,
      );
      expect(events['secret.Write'] ?? 0).toBeGreaterThanOrEqual(written.length);
      expect(server.told).toEqual([]);
      const struck = readFileSync(log, 'utf8').split('(INJECTED)').length - 1;
      expect(struck).toBeGreaterThan(0);
      // A call that was interrupted is made again; what else fails for long is told.
      expect(trouble > 0).toBe(isTold);
      console.log(
        `${call} ${error}: ${written.length} writes and ${reads} reads answered, ${trouble} not, ${struck} calls failed; 0 lost`,
      );
    },
    120_000,
  );
});

function codeIn({ status, json }: Answer, codes: readonly number[]): number {
  expect(status).toBe(503);
  const { error_code: code, message } = json as { error_code: number; message: string };
  expect(codes).toContain(code);
  expect(message).toMatch(/^[^\n]+$/);
  return code;
}
