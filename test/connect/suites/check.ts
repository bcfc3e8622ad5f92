// `secretreg connect check` on a worker that has the plugin, on one that has not, and without their registry.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CommandLine } from '../../process/command-line.ts';
import { submit, taskConfig, untilState } from '../connectors.ts';
import { canary } from '../secrets.ts';
import { EXTENSION, PROVIDER, type ServedRegistry } from '../served.ts';
import type { Worker } from '../worker.ts';

export function checkSuite(
  worker: () => Worker,
  registry: () => ServedRegistry,
  /** Another one of its group; without settings it has no plugin. */
  start: (properties?: Record<string, string>) => Promise<Worker>,
): void {
  describe('connect check', () => {
    let line: CommandLine;
    let tokenFile: string;
    const value = canary();
    beforeAll(async () => {
      line = new CommandLine();
      for (const name of await namesOf(worker()))
        await worker().request('DELETE', `/connectors/${name}`);
      const grant = { role: 'SystemAdmin' };
      const { json } = await registry().admin('POST', '/access/tokens', {
        principal: 'User:auditor',
        grant,
      });
      tokenFile = line.file('auditor.token', (json as { token: string }).token);
      await registry().set('checked', { password: value });
      await submit(worker(), 'checked', { password: '${secret:checked:password}' });
      await untilState(worker(), 'checked', 'RUNNING');
    });
    afterAll(() => line.remove());

    const check = (connect = worker().url, ...args: string[]) =>
      line.run(['connect', 'check', '--connect', connect, ...args]);
    const atHand = () => [
      '--registry',
      registry().url,
      '--token-file',
      tokenFile,
      '--worker-principal',
      'User:connect',
    ];

    /** The lines of a section, without hints and what differs from run to run. */
    function section(stdout: string, name: string): string[] {
      const [, body = ''] = stdout.split(`${name}\n`);
      const lines = body.split('\n');
      const end = lines.findIndex((text) => !text.startsWith('  '));
      return lines.slice(0, end).map((text) => text.trim().replace(/; hint: .*/, ''));
    }

    test('finds nothing wrong where nothing is', async () => {
      const before = await namesOf(worker());
      const { end, stdout, stderr } = await check(worker().url, ...atHand());
      expect({ end, stderr }).toEqual({ end: 0, stderr: '' });
      expect(section(stdout, `worker ${worker().url}`)).toEqual([
        expect.stringMatching(/^ok {4}reachable: Kafka Connect \d+\.\d+\.\d+, Kafka cluster \w+$/),
        expect.stringMatching(/^ok {4}connector plugins: \d+ plugins$/),
        'ok    provider secret: it asks the registry, which accepts its log-in',
        'ok    rule for secret: a reference to the path of another connector is refused',
        "ok    providers of connectors: 'config.providers' in a connector's settings is refused",
      ]);
      expect(section(stdout, 'registry')).toEqual([
        `ok    reachable: ${registry().url} (--registry)`,
      ]);
      expect(section(stdout, 'access')).toEqual([
        expect.stringMatching(
          /^ok {4}path checked: User:connect may read it \(DeveloperRead on \*\), and /,
        ),
      ]);
      expect(section(stdout, 'connectors')).toEqual([
        'ok    checked: RUNNING, 1 task, 1 reference',
      ]);
      expect(stdout).not.toContain(value);
      expect(await namesOf(worker())).toEqual(before);
    });

    test('tells the same as JSON', async () => {
      const { end, stdout } = await check(worker().url, ...atHand(), '-o', 'json');
      expect(end).toBe(0);
      const sections = JSON.parse(stdout) as { name: string; facts: { state: string }[] }[];
      expect(sections.map(({ name }) => name)).toEqual([
        `worker ${worker().url}`,
        'registry',
        'access',
        'connectors',
      ]);
      expect(sections.flatMap(({ facts }) => facts.map(({ state }) => state))).not.toContain(
        'fail',
      );
    });

    test('tells of connectors that failed, that break a rule, and whose secrets nobody may read', async () => {
      await submit(worker(), 'failing', {
        password: '${secret:failing:password',
        'fail.in': 'task',
      });
      await untilState(worker(), 'failing', 'RUNNING', 'FAILED');
      const { end, stdout } = await check(
        worker().url,
        ...atHand().slice(0, 4),
        '--worker-principal',
        'User:nobody',
      );
      expect(end).toBe(1);
      expect(section(stdout, 'connectors')).toEqual([
        expect.stringMatching(/^ok {4}checked/),
        expect.stringMatching(
          /^fail {2}failing: task 0 FAILED on 127\.0\.0\.1:\d+: the log of that worker says why$/,
        ),
        expect.stringMatching(
          /^fail {2}failing: the reference is not closed: .* \[malformed-reference\]$/,
        ),
      ]);
      expect(section(stdout, 'access')).toEqual([
        expect.stringMatching(/^fail {2}worker: the registry knows no User:nobody: /),
        'fail  path checked: User:nobody may not read it, so that no connector gets its secrets',
      ]);
      await worker().request('DELETE', '/connectors/failing');
    });

    test('tells of tasks that refer to the secret of another connector, which they get', async () => {
      await registry().set('victim', { password: value });
      const groups = line.file('groups', 'of ${secret:victim:password}');
      await submit(worker(), 'taking', { 'task.text.from': groups });
      await untilState(worker(), 'taking', 'RUNNING');
      expect(taskConfig(worker(), 'taking')).toMatchObject({ 'task.text': `of ${value}` });
      const { end, stdout } = await check(worker().url, ...atHand());
      expect(end).toBe(1);
      expect(section(stdout, 'connectors')).toEqual([
        expect.stringMatching(/^ok {4}checked/),
        "fail  taking: 'task.text' of its tasks, which is not so in its own configuration, refers to path 'victim': the tasks get that secret, since no rule is applied to what a connector gives them",
      ]);
      expect(stdout).not.toContain(value);
      await worker().request('DELETE', '/connectors/taking');
    });

    test('tells of a secret that was deleted under a connector, and of one that is not allowed to look', async () => {
      await registry().set('gone', { password: value });
      await submit(worker(), 'gone', { password: '${secret:gone:password}' });
      await untilState(worker(), 'gone', 'RUNNING');
      const { status } = await registry().admin('DELETE', '/secret/paths/gone');
      expect(status).toBeLessThan(300);
      const { end, stdout } = await check(worker().url, ...atHand());
      expect(end).toBe(1);
      expect(section(stdout, 'connectors').slice(1)).toEqual([
        expect.stringMatching(
          /^fail {2}gone: secret gone:password has no version left to read: .* \[deleted-version\]$/,
        ),
      ]);
      const reader = ['--registry', registry().url, '--token-file', registry().tokenFile];
      const ofReader = await check(worker().url, ...reader);
      expect(section(ofReader.stdout, 'access')).toEqual([
        expect.stringMatching(/^warn {2}not-allowed: User:connect is not allowed to /),
      ]);
      await worker().request('DELETE', '/connectors/gone');
    });

    test('tells a provider name that the worker does not have', async () => {
      const { end, stdout } = await check(worker().url, '--provider-name', 'other');
      expect(end).toBe(1);
      const told = section(stdout, `worker ${worker().url}`);
      expect(told[2]).toMatch(/^fail {2}provider other: a reference .* stays as it stands/);
      expect(told.join('\n')).not.toContain('rule for other');
    });

    test("reads the worker's file", async () => {
      const file = join(line.home, 'connect-distributed.properties');
      writeFileSync(
        file,
        [
          'config.providers=secret',
          `config.providers.secret.class=${PROVIDER}`,
          `config.providers.secret.param.url=${registry().url}`,
          `config.providers.secret.param.token=${value}`,
        ].join('\n'),
      );
      const { end, stdout } = await check(worker().url, '--worker-config', file, ...atHand());
      expect(end).toBe(1);
      expect(section(stdout, `worker file ${file}`)).toEqual([
        `ok    provider secret: ${PROVIDER}`,
        `fail  rest.extension.classes: ${EXTENSION} is missing, so that a connector may refer to the secrets of others`,
        'warn  plaintext: config.providers.secret.param.token has its value in it',
      ]);
      expect(stdout).not.toContain(value);
    });

    test('tells that the registry is away, for the worker and from here', async () => {
      await registry().kill();
      try {
        const { end, stdout } = await check(worker().url, ...atHand());
        expect(end).toBe(1);
        expect(section(stdout, `worker ${worker().url}`)[2]).toMatch(
          /^fail {2}provider secret: it cannot read secrets: /,
        );
        expect(section(stdout, 'registry')).toEqual([
          expect.stringMatching(/^fail {2}store-unavailable: /),
        ]);
      } finally {
        await registry().restart();
      }
    });

    test('tells that somebody who may not configure connectors cannot see what the plugin does', async () => {
      const authorizing = await start({
        ...registry().properties,
        'secret.registry.rest.authorize': 'true',
      });
      try {
        const { end, stdout } = await check(authorizing.url);
        expect(section(stdout, `worker ${authorizing.url}`).slice(2)).toEqual([
          expect.stringMatching(/^warn {2}plugin: what it does was not seen: .* \(401\)$/),
        ]);
        expect(end).toBe(0);
        const admin = await check(authorizing.url, '--connect-token-file', tokenFile);
        expect(section(admin.stdout, `worker ${authorizing.url}`).slice(2)).toEqual([
          expect.stringMatching(/^ok {4}provider secret/),
          expect.stringMatching(/^ok {4}rule for secret/),
          expect.stringMatching(/^ok {4}providers of connectors/),
        ]);
      } finally {
        await authorizing.stop();
      }
    }, 180_000);

    test('tells on which of two workers the plugin is missing', async () => {
      const bare = await start();
      try {
        const { end, stdout } = await check(`${worker().url},${bare.url}`);
        expect(end).toBe(1);
        expect(section(stdout, `worker ${worker().url}`).join('\n')).not.toMatch(/^fail/m);
        expect(section(stdout, `worker ${bare.url}`).slice(2)).toEqual([
          expect.stringMatching(/^fail {2}provider secret: .* stays as it stands/),
          expect.stringMatching(/^warn {2}providers of connectors: .* is taken/),
        ]);
      } finally {
        await bare.stop();
      }
    }, 180_000);
  });
}

async function namesOf(worker: Worker): Promise<string[]> {
  const { json } = await worker.request('GET', '/connectors');
  return (json as string[]).toSorted();
}
