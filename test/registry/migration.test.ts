// Moving a registry: to the byte, with its trail, and whatever interrupts it the same command ends it.
import { describe, expect, test } from 'vitest';
import { SecretregError } from '../../src/errors.ts';
import { verifyAudit } from '../../src/registry/audit-read.ts';
import { cancelMigration, migrate } from '../../src/registry/migration.ts';
import { openRotation } from '../../src/registry/rotation.ts';
import { type MemoryFaults, MemoryLog, MemoryStore } from '../../src/store/memory.ts';
import {
  caller,
  codeOf,
  collect,
  environment,
  init,
  key,
  name,
  openAs,
  path,
  write,
} from './fixture.ts';

/** Two logs that tell each other apart. */
class Place extends MemoryStore {
  override readonly place: string;

  constructor(name: string, log: MemoryLog, faults?: MemoryFaults) {
    super(log, faults);
    this.place = `memory:${name}`;
  }
}

async function registry(secrets = 600) {
  const env = environment();
  const logs = { source: new MemoryLog(), target: new MemoryLog() };
  const at = (which: 'source' | 'target', faults?: MemoryFaults) =>
    new Place(which, logs[which], faults);
  await init(at('source'), env);
  const opened = await openAs(at('source'), env);
  await opened.registry.write(
    Array.from({ length: secrets }, (_, i) => write(`path-${i}`, 'password', `value ${i}`)),
  );
  await opened.registry.write([write('path-1', 'password', 'changed')]);
  await opened.registry.delete({ path: path('path-2') });
  await opened.registry.delete({ path: path('path-3') }, { permanent: true });
  const options = (
    from: 'source' | 'target',
    to: 'source' | 'target',
    faults: { from?: MemoryFaults; to?: MemoryFaults } = {},
  ) => ({
    source: async () => at(from, faults.from),
    target: async () => at(to, faults.to),
    given: { key: key() },
    caller,
    ...env,
  });
  const open = (which: 'source' | 'target') => openAs(at(which), env);
  return { env, at, logs, options, open, opened };
}

type Made = Awaited<ReturnType<typeof registry>>;

/** Every record's bytes, but those that are said of a store. */
async function bytesAt({ at }: Made, which: 'source' | 'target'): Promise<Map<string, string>> {
  const seen = new Map<string, string>();
  await at(which).open(({ key: text, value }) => {
    if (value === null) seen.delete(text);
    else seen.set(text, Buffer.from(value).toString());
  });
  seen.delete('["registry"]');
  seen.delete('["commit"]');
  return seen;
}

const latest = async (made: Made, which: 'source' | 'target', pathText: string) => {
  const { registry: it } = await made.open(which);
  return (await it.read(path(pathText), name('password'), 'latest')).value.reveal();
};

describe('a registry that was moved', () => {
  test('is the same to the byte, and works on', async () => {
    const made = await registry();
    const before = await bytesAt(made, 'source');
    const moved = await migrate(made.options('source', 'target'));
    expect(moved).toMatchObject({ from: 'memory:source', to: 'memory:target', records: 601 });
    expect(await bytesAt(made, 'target')).toEqual(before);
    expect(await latest(made, 'target', 'path-1')).toBe('changed');
    const { core, registry: it } = await made.open('target');
    await it.restore({ path: path('path-2') });
    expect(await it.write([write('path-3', 'password', 'new')])).toMatchObject([{ version: 2 }]);
    expect(core.state.alarms).toEqual([]);
    expect((await verifyAudit(core)).fault).toBeUndefined();
    const methods = (await collect(it.audit())).map(({ data }) => data.methodName);
    expect(methods.filter((method) => method === 'registry.Move')).toHaveLength(3);
    expect(methods[0]).toBe('registry.Init');
  });

  test('is not used any more where it was, by nobody', async () => {
    const made = await registry();
    await migrate(made.options('source', 'target'));
    expect(await codeOf(made.open('source'))).toBe('registry-moved');
    const { registry: old } = made.opened;
    expect(await codeOf(old.read(path('path-1'), name('password'), 'latest'))).toBe(
      'registry-moved',
    );
    expect(await codeOf(old.write([write('path-1', 'password', 'late')]))).toBe('registry-moved');
    expect(await codeOf(cancelMigration(made.options('source', 'target')))).toBe('registry-moved');
  });

  test('moves back to where it came from, changes and all', async () => {
    const made = await registry();
    await migrate(made.options('source', 'target'));
    const { registry: it } = await made.open('target');
    await it.write([write('path-1', 'password', 'there')]);
    await it.delete({ path: path('path-4') }, { permanent: true });
    const there = await bytesAt(made, 'target');
    await migrate(made.options('target', 'source'));
    expect(await bytesAt(made, 'source')).toEqual(there);
    expect(await latest(made, 'source', 'path-1')).toBe('there');
    const { core } = await made.open('source');
    expect(core.state.alarms).toEqual([]);
    expect((await verifyAudit(core)).fault).toBeUndefined();
    expect(await codeOf(made.open('target'))).toBe('registry-moved');
  });

  test('asked for again, it is there already', async () => {
    const made = await registry(5);
    await migrate(made.options('source', 'target'));
    const before = await bytesAt(made, 'target');
    expect(await migrate(made.options('source', 'target'))).toMatchObject({ records: 6 });
    expect(await bytesAt(made, 'target')).toEqual(before);
  });
});

describe('while a registry is copied', () => {
  /** Somebody does something just before the copy is compared. */
  async function movedWhile(made: Made, meanwhile: () => Promise<void>): Promise<string> {
    const options = made.options('source', 'target');
    let opened = 0;
    const target = async () => {
      opened += 1;
      if (opened === 2) await meanwhile();
      return options.target();
    };
    return codeOf(migrate({ ...options, target }));
  }

  test('the move is ended and a secret is written: nobody is sent to the copy', async () => {
    const made = await registry(5);
    const code = await movedWhile(made, async () => {
      await cancelMigration(made.options('source', 'target'));
      const { registry: it } = await made.open('source');
      await it.write([write('path-1', 'password', 'written meanwhile')]);
    });
    expect(code).toBe('move-ended');
    expect(await latest(made, 'source', 'path-1')).toBe('written meanwhile');
  });

  test('somebody without the key writes into the copy: the registry stays where it is', async () => {
    const made = await registry(5);
    const code = await movedWhile(made, async () => {
      const { target } = made.logs;
      const records = [{ key: '["key","nobody","key"]', value: Buffer.from('{}') }];
      target.commit(target.claim(), { attemptId: 'attack', n: undefined, records, audit: [] });
    });
    expect(code).toBe('not-a-registry');
    await cancelMigration(made.options('source', 'target'));
    expect(await latest(made, 'source', 'path-1')).toBe('changed');
  });
});

describe('a move that was interrupted', () => {
  const COMMITS_OF_THE_TARGET = 6;

  test.each([
    ...Array.from({ length: 2 }, (_, i) => ['the source', 'from', i] as const),
    ...Array.from({ length: COMMITS_OF_THE_TARGET }, (_, i) => ['the target', 'to', i] as const),
  ])('at a commit of %s (%s %i) goes on with the same command', async (_, side, commits) => {
    for (const fault of ['unknown-written', 'unknown-unwritten'] as const) {
      const made = await registry();
      const before = await bytesAt(made, 'source');
      const faults = {
        [side]: { commits: [...Array.from({ length: commits }, () => 'none' as const), fault] },
      };
      expect(await codeOf(migrate(made.options('source', 'target', faults)))).toBe(
        'outcome-unknown',
      );
      const usable = [await codeOf(made.open('source')), await codeOf(made.open('target'))];
      expect(usable).not.toEqual(['no error', 'no error']);
      await migrate(made.options('source', 'target'));
      expect(await bytesAt(made, 'target')).toEqual(before);
      const { core } = await made.open('target');
      expect((await verifyAudit(core)).fault).toBeUndefined();
    }
  });

  test('takes no changes meanwhile, answers reads, and can be ended', async () => {
    const made = await registry(5);
    const faults = { to: { commits: ['unknown-unwritten' as const] } };
    await codeOf(migrate(made.options('source', 'target', faults)));
    const { registry: it } = made.opened;
    expect(await latest(made, 'source', 'path-1')).toBe('changed');
    expect(await codeOf(it.write([write('path-1', 'password', 'no')]))).toBe('registry-moving');
    await cancelMigration(made.options('source', 'target'));
    await it.write([write('path-1', 'password', 'yes')]);
    expect(await latest(made, 'source', 'path-1')).toBe('yes');
    expect(await codeOf(cancelMigration(made.options('source', 'target')))).toBe('wrong-use');
  });
});

describe('beside others, a move', () => {
  /** The target of a move, before whose nth opening something else happens. */
  const targetAfter = (made: Made, nth: number, meanwhile: () => Promise<unknown>) => {
    const options = made.options('source', 'target');
    let opened = 0;
    return async () => {
      const store = await options.target();
      const open = store.open.bind(store);
      store.open = async (...args) => {
        opened += 1;
        if (opened === nth) await meanwhile();
        return open(...args);
      };
      return store;
    };
  };

  test.each([
    ['takes changes again', async () => 'no error'],
    ['is on its way to another place', (begin: () => Promise<string>) => begin()],
  ])('goes no further where it was ended, and the source %s', async (_, andThen) => {
    const made = await registry(5);
    const options = made.options('source', 'target');
    const log = new MemoryLog();
    const elsewhere = (faults?: MemoryFaults) =>
      migrate({ ...options, target: async () => new Place('elsewhere', log, faults) });
    // When all is copied and about to be compared.
    const target = targetAfter(made, 2, async () => {
      await cancelMigration(options);
      await made.opened.registry.write([write('path-1', 'password', 'meanwhile')]);
      await andThen(() => codeOf(elsewhere({ commits: ['unknown-unwritten'] })));
    });
    expect(await codeOf(migrate({ ...options, target }))).toBe('move-ended');
    expect(await latest(made, 'source', 'path-1')).toBe('meanwhile');
    await elsewhere();
    const { registry: it } = await openAs(new Place('elsewhere', log), made.env);
    expect((await it.read(path('path-1'), name('password'), 'latest')).value.reveal()).toBe(
      'meanwhile',
    );
  });

  test.each([
    ['a cancel', true, (options: ReturnType<Made['options']>) => cancelMigration(options)],
    [
      'a move to another place',
      false,
      (options: ReturnType<Made['options']>) => {
        const log = new MemoryLog();
        return migrate({ ...options, target: async () => new Place('elsewhere', log) });
      },
    ],
  ])('is not undone by %s that had read the source before', async (_, isBegun, late) => {
    const made = await registry(5);
    const options = made.options('source', 'target');
    const interrupted = { to: { commits: ['unknown-unwritten' as const] } };
    if (isBegun) await codeOf(migrate(made.options('source', 'target', interrupted)));
    const source = async () => {
      const store = await options.source();
      const transact = store.transact.bind(store);
      store.transact = async (decide) => {
        await migrate(options);
        return transact(decide);
      };
      return store;
    };
    expect(await codeOf(late({ ...options, source }))).toBe('registry-moved');
    expect(await codeOf(made.open('source'))).toBe('registry-moved');
    expect(await latest(made, 'target', 'path-1')).toBe('changed');
  });

  test('touches no target that the same move has made, and that is in use', async () => {
    const made = await registry(5);
    const options = made.options('source', 'target');
    let opened = 0;
    const source = async () => {
      opened += 1;
      // The second time the source is opened for what is to be copied.
      if (opened === 2) {
        await migrate(options);
        const { registry: it } = await made.open('target');
        await it.write([write('path-1', 'password', 'there')]);
        await it.delete({ path: path('path-4') }, { permanent: true });
      }
      return options.source();
    };
    expect(await codeOf(migrate({ ...options, source }))).toBe('registry-moved');
    expect(await latest(made, 'target', 'path-1')).toBe('there');
    const { core } = await made.open('target');
    expect(core.state.alarms).toEqual([]);
    expect((await verifyAudit(core)).fault).toBeUndefined();
    expect(await migrate(options)).toMatchObject({ to: 'memory:target' });
  });

  test('that has copied lines twice, with another one, comes to no end', async () => {
    const made = await registry(5);
    const options = made.options('source', 'target');
    const untilMoved = { from: { commits: ['unknown-unwritten' as const] } };
    const target = async () => {
      const store = await options.target();
      const append = store.appendAudit.bind(store);
      store.appendAudit = async (make) => {
        await codeOf(migrate(made.options('source', 'target', untilMoved)));
        return append(make);
      };
      return store;
    };
    expect(await codeOf(migrate({ ...options, target }))).toBe('not-a-registry');
    await cancelMigration(options);
    await made.opened.registry.write([write('path-1', 'password', 'here')]);
    expect(await latest(made, 'source', 'path-1')).toBe('here');
  });

  test('does not begin where a change of the master key has begun', async () => {
    const made = await registry(5);
    const options = made.options('source', 'target');
    const rotation = async (faults?: MemoryFaults) =>
      openRotation({
        ...{ store: made.at('source', faults), given: options.given, to: key(50) },
        ...{ caller, ...made.env },
      });
    const target = targetAfter(made, 1, async () => {
      const broken = await rotation({ commits: ['none', 'unknown-unwritten'] });
      await codeOf(broken.run());
    });
    expect(await codeOf(migrate({ ...options, target }))).toBe('wrong-master-key');
    await (await rotation()).run();
    const { registry: it } = await openAs(made.at('source'), made.env, { key: key(50) });
    expect((await it.read(path('path-1'), name('password'), 'latest')).value.reveal()).toBe(
      'changed',
    );
  });
});

describe('every store that a move opened is closed again', () => {
  test.each([
    ['done', async () => {}, 'no error'],
    ['done before', async ({ options }: Made) => migrate(options('source', 'target')), 'no error'],
    [
      'refused by the target',
      async ({ at, env }: Made) => init(at('target'), env),
      'registry-exists',
    ],
  ])('%s', async (_, before, code) => {
    const made = await registry(5);
    await before(made);
    const opened: MemoryStore[] = [];
    const closed = new Set<MemoryStore>();
    const counted = (open: () => Promise<MemoryStore>) => async () => {
      const store = await open();
      const close = store.close.bind(store);
      store.close = async () => {
        closed.add(store);
        await close();
      };
      opened.push(store);
      return store;
    };
    const options = made.options('source', 'target');
    const end = await codeOf(
      migrate({ ...options, source: counted(options.source), target: counted(options.target) }),
    );
    expect(end).toBe(code);
    expect(opened.length).toBeGreaterThan(1);
    expect([...opened].filter((store) => !closed.has(store))).toEqual([]);
  });

  test('also where there is no target, and where the source is no registry', async () => {
    const made = await registry(5);
    let closed = 0;
    const source = (log: MemoryLog) => async () => {
      const store = new Place('source', log);
      const close = store.close.bind(store);
      store.close = () => {
        closed += 1;
        return close();
      };
      return store;
    };
    const options = made.options('source', 'target');
    const broken = async () => {
      throw new SecretregError('settings-invalid', { place: 'x', reason: 'it is none' });
    };
    const whole = { ...options, source: source(made.logs.source), target: broken };
    expect(await codeOf(migrate(whole))).toBe('settings-invalid');
    expect(closed).toBe(1);
    const empty = { ...options, source: source(new MemoryLog()) };
    expect(await codeOf(migrate(empty))).toBe('no-registry');
    expect(await codeOf(cancelMigration(empty))).toBe('no-registry');
    expect(closed).toBe(3);
  });
});

describe('a move tells what an interruption would leave behind', () => {
  const told = (options: ReturnType<Made['options']>) => {
    const standings: string[] = [];
    const onStanding = (standing: string) => void standings.push(standing);
    return { standings, options: { ...options, onStanding } };
  };

  test('from its first change on', async () => {
    const made = await registry(5);
    const { standings, options } = told(made.options('source', 'target'));
    await migrate(options);
    expect(standings).toEqual(['moving', 'moved', 'done']);
  });

  test('where it goes on, before it has done anything', async () => {
    const made = await registry(5);
    const faults = { to: { commits: ['unknown-unwritten' as const] } };
    await codeOf(migrate(made.options('source', 'target', faults)));
    const { standings, options } = told(made.options('source', 'target'));
    const open = async () => {
      throw new SecretregError('store-unavailable', {
        place: 'memory:target',
        reason: 'it is away',
      });
    };
    const target = async () => Object.assign(made.at('target'), { open });
    expect(await codeOf(migrate({ ...options, target }))).toBe('store-unavailable');
    expect(standings).toEqual(['moving']);
    const other = told(made.options('source', 'source'));
    expect(await codeOf(migrate(other.options))).toBe('registry-exists');
    expect(other.standings).toEqual([]);
  });
});

describe('a move is refused', () => {
  test('to where half of a copy is, from a move that was ended', async () => {
    const made = await registry();
    const faults = { to: { commits: ['none' as const, 'unknown-unwritten' as const] } };
    await codeOf(migrate(made.options('source', 'target', faults)));
    await cancelMigration(made.options('source', 'target'));
    await expect(migrate(made.options('source', 'target'))).rejects.toMatchObject({
      message: expect.stringContaining('half of a copy of this registry is in it'),
      hint: expect.stringContaining('secretreg migrate --to URL'),
    });
  });

  test('to where the registry is', async () => {
    const made = await registry(5);
    await expect(migrate(made.options('source', 'source'))).rejects.toMatchObject({
      code: 'registry-exists',
      hint: expect.stringContaining('memory:source is what is to be moved'),
    });
  });

  test('to a place where another registry is', async () => {
    const made = await registry(5);
    await init(made.at('target'), made.env);
    expect(await codeOf(migrate(made.options('source', 'target')))).toBe('registry-exists');
    expect(await latest(made, 'source', 'path-1')).toBe('changed');
    await made.opened.registry.write([write('path-1', 'password', 'still')]);
  });

  test('to a place that holds something else', async () => {
    const made = await registry(5);
    const other = made.at('target');
    await other.open(() => undefined, { create: true });
    const records = [{ key: 'x', value: new Uint8Array(1) }];
    await other.transact(() => ({ attemptId: 'x', n: 1, records, audit: [] }));
    expect(await codeOf(migrate(made.options('source', 'target')))).toBe('not-a-registry');
  });

  test('where a record is missing', async () => {
    const made = await registry(5);
    const attacker = made.at('source');
    await attacker.open(() => undefined);
    const records = [{ key: '["secret","path-1","password",1]', value: null }];
    await attacker.transact(() => ({ attemptId: 'x', n: 99, records, audit: [] }));
    expect(await codeOf(migrate(made.options('source', 'target')))).toBe('record-not-authentic');
  });
});
