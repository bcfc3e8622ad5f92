// The built command line beside `rotate`: processes that accept the coming key lose no write, and one that knows only the
// old key is told what is wrong and writes nothing.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseMasterKey } from '../../src/crypto/master-key.ts';
import type { GivenKeys } from '../../src/registry/keyring.ts';
import { keyText } from '../registry/fixture.ts';
import { onBothStores } from './both-stores.ts';
import { CommandLine, registryAt, type RunOptions } from './command-line.ts';
import { startScript } from './rotation-process.ts';
import {
  contentUnder,
  KID_NEW,
  KID_OLD,
  makeRegistry,
  NEW,
  OLD,
  startUp,
} from './rotation-registry.ts';
import { runningProcesses } from './running.ts';

const PASSPHRASE = 'a passphrase that is made up';

onBothStores('the command line beside rotate', ({ newPlace, bytesAt }) => {
  let shell: CommandLine;
  let place: string;
  let content: Record<string, unknown>;
  let files: { old: string; new: string; passphrase: string };

  beforeEach(async () => {
    shell = new CommandLine();
    files = {
      old: shell.file('old.key', keyText()),
      new: shell.file('new.key', keyText(50)),
      passphrase: shell.file('passphrase.key', PASSPHRASE),
    };
    place = newPlace();
    await makeRegistry(place);
    const { kids: _, ...rest } = await contentUnder(place, { key: OLD });
    content = rest;
  });
  afterEach(() => shell.remove());
  // Behind that hook, and so ended before it: hooks at the end run from the last one on.
  const running = runningProcesses();

  const secretreg = (args: string, keys: string, options: RunOptions = {}) =>
    shell.run([...args.split(' '), '--registry', registryAt(place), ...keys.split(' ')], options);

  const rotate = (to: string, flag = '') =>
    secretreg(`rotate --new-key-file ${to}${flag}`, `--master-key-file ${files.old}`);

  /** Versions of one secret, each put by a process of its own, by several at a time, until they are stopped. */
  function startPuts(accepted: string) {
    const acknowledged = new Map<number, string>();
    const answers: { end: number | string; stdout: string; stderr: string }[] = [];
    const over = new AbortController();
    let wake = () => {};
    const putAgainAndAgain = async (who: string) => {
      const keys = `--master-key-file ${files.old} --accept-key-file ${accepted}`;
      for (let i = 1; !over.signal.aborted; i += 1) {
        const value = `value ${i} of ${who}`;
        const answer = await secretreg('put live counter -', keys, { input: value });
        const [, version] = /^live\tcounter\t(\d+)\n$/.exec(answer.stdout) ?? [];
        if (version !== undefined) acknowledged.set(Number(version), value);
        answers.push(answer);
        wake();
      }
    };
    const ended = Promise.all(['one', 'another'].map((who) => putAgainAndAgain(who)));
    return {
      /** Resolves once so many more were answered. */
      more: async (count: number) => {
        const { length } = answers;
        while (answers.length < length + count)
          await new Promise<void>((resolve) => (wake = resolve));
      },
      stop: async () => {
        over.abort();
        await ended;
        expect(answers.filter(({ end }) => end !== 0)).toEqual([]);
        // No number was given twice.
        expect(acknowledged.size).toBe(answers.length);
        return acknowledged;
      },
    };
  }

  async function expectAll(
    acknowledged: ReadonlyMap<number, string>,
    keys: GivenKeys,
    keyFile: string,
  ): Promise<void> {
    const now = await contentUnder(place, keys);
    expect(now).toMatchObject(content);
    expect(now['live:counter']).toBe(acknowledged.size);
    for (const [version, value] of acknowledged) {
      expect(now[`live:counter ${version}`]).toMatchObject({ value, state: 'enabled' });
    }
    const key = `--master-key-file ${keyFile}`;
    const last = acknowledged.get(acknowledged.size);
    expect(await secretreg('get live counter', key)).toEqual({ end: 0, stdout: last, stderr: '' });
    expect(await secretreg('audit verify', key)).toMatchObject({ end: 0, stderr: '' });
  }

  test('loses no put of processes that accept the new key, from before a kill of it to after its end', async () => {
    const puts = startPuts(files.new);
    await puts.more(2);
    expect(await startScript(running, 'rotation-child.ts', place, 'after', '3').ended).toBe(
      'SIGKILL',
    );
    // Those that run now may have begun before the change; the ones after them begin and end in its midst.
    await puts.more(4);
    expect(await rotate(files.new)).toMatchObject({
      end: 0,
      stdout: expect.stringMatching(/^sealed records under key .+, and every one opens$/m),
    });
    await puts.more(4);
    const acknowledged = await puts.stop();
    expect(acknowledged.size).toBeGreaterThanOrEqual(10);
    await expectAll(acknowledged, { key: NEW }, files.new);
    expect((await contentUnder(place, { key: NEW }))['kids']).toEqual({
      [KID_OLD]: 'retired',
      [KID_NEW]: 'active, in use',
    });
  });

  test('loses no put of processes that accept a passphrase that was prepared', async () => {
    const parsed = parseMasterKey(PASSPHRASE);
    if (!parsed.ok) throw new Error(parsed.problem.reason);
    const prepared = await rotate(files.passphrase, ' --prepare');
    expect(prepared).toMatchObject({
      end: 0,
      stdout: expect.stringMatching(/^key .+ is prepared\n$/),
    });
    const puts = startPuts(files.passphrase);
    await puts.more(2);
    expect(await rotate(files.passphrase)).toMatchObject({ end: 0 });
    await puts.more(4);
    const acknowledged = await puts.stop();
    await expectAll(acknowledged, { key: parsed.value }, files.passphrase);
  });

  const RETIRING =
    'secretreg: the master key is being changed from OLD to NEW: nothing is read or written with OLD any more\n' +
    'hint: --accept-key-file NEW; where the change was interrupted: secretreg rotate --master-key-file OLD --new-key-file NEW --registry PLACE\n';
  const WRONG =
    'secretreg: wrong master key: the registry is under key NEW, the given one is OLD\n' +
    'hint: --master-key-file FILE    (the file of key NEW, which was not given)\n';
  const killed = () => startScript(running, 'rotation-child.ts', place, 'after', '3').ended;
  const ended = async () => (await rotate(files.new)).end;

  test.each([
    ['in its midst', killed, 'SIGKILL', RETIRING],
    ['after its end', ended, 0, WRONG],
  ])(
    'tells whoever has only the old key %s, serves nothing and writes nothing',
    async (_, change, how, stderr) => {
      expect(await change()).toBe(how);
      // What a kill left in the log is moved into the file by whoever opens it next.
      await startUp(place);
      const before = bytesAt(place);
      for (const command of [
        'get connector-3 password',
        'list',
        'history connector-3 password',
        'export',
        'put connector-3 password -',
        'delete connector-3 password --yes',
        ...(change === ended ? ['rotate --status'] : []),
        'audit',
        'audit verify',
      ]) {
        const { end, ...told } = await secretreg(command, `--master-key-file ${files.old}`, {
          input: 'late',
        });
        const named = told.stderr
          .replaceAll(KID_OLD, 'OLD')
          .replaceAll(KID_NEW, 'NEW')
          .replace(registryAt(place), 'PLACE');
        expect({ command, end, stdout: told.stdout, stderr: named }).toEqual({
          ...{ command, end: 78, stdout: '', stderr },
        });
        expect(bytesAt(place).equals(before), command).toBe(true);
      }
    },
  );

  test.each(['old', 'new'] as const)(
    'tells whoever has only the %s key how far a change is that was killed, and writes nothing',
    async (which) => {
      expect(await killed()).toBe('SIGKILL');
      await startUp(place);
      const before = bytesAt(place);
      const { end, stdout, stderr } = await secretreg(
        'rotate --status',
        `--master-key-file ${files[which]}`,
      );
      const rows = stdout.replace(KID_OLD, 'OLD').replace(KID_NEW, 'NEW');
      expect([end, rows]).toEqual([
        0,
        expect.stringMatching(/^OLD\tretiring\t[1-9]\d*\nNEW\tactive\t[1-9]\d*\n$/),
      ]);
      expect(stderr.replace(registryAt(place), 'PLACE')).toBe(
        'secretreg: the change of the master key is not finished: neither key alone will do, and so this was counted without one\n' +
          'hint: secretreg rotate --master-key-file OLD --new-key-file NEW --registry PLACE    (goes on where it was interrupted)\n',
      );
      expect(bytesAt(place).equals(before)).toBe(true);
    },
  );
});
