import { describe, expect, test } from 'vitest';
import {
  type Decision,
  decide,
  type Held,
  heldBy,
  isSame,
  secretsIn,
  versionsOf,
} from '../../src/connect/plan.ts';
import type { Connector } from '../../src/connect/worker-answers.ts';
import type { KeyInfo } from '../../src/domain/registry.ts';
import { name, path, v } from '../registry/fixture.ts';

const isOurs = (provider: string) => provider === 'secret';
const password = { path: 'orders', key: 'password' };

/** Versions of each key: `enabled`, or `deleted` where a number is negative. */
function registry(keys: Record<string, readonly number[]>): KeyInfo[] {
  return Object.entries(keys).map(([text, versions]) => {
    const [one = '', other = ''] = text.split(':');
    const names = { path: path(one), key: name(other) };
    const made = { createdAt: '2026-01-01T00:00:00.000Z', createdBy: 'User:alice' };
    const all = versions.map((version) => ({
      ...names,
      ...made,
      version: v(Math.abs(version)),
      state: version < 0 ? ('deleted' as const) : ('enabled' as const),
    }));
    return { ...names, versions: all, metadata: {} };
  });
}

function connector(state: string, ...tasks: string[]): Connector {
  const workerId = 'worker:8083';
  return {
    type: 'source',
    config: new Map(),
    state,
    workerId,
    tasks: tasks.map((one, id) => ({ id, state: one, workerId })),
  };
}

const config = (...values: string[]) => new Map(values.map((value, i) => [`setting.${i}`, value]));

describe('the secrets of a configuration', () => {
  test.each<[string, string[], string[]]>([
    ['none', ['hunter2', ''], []],
    ['one', ['${secret:orders:password}'], ['orders:password']],
    [
      'several in one value',
      ['user="${secret:orders:user}" password="${secret:orders:password}"'],
      ['orders:user', 'orders:password'],
    ],
    ['one that is named twice', ['${secret:a:k}', 'x${secret:a:k}'], ['a:k']],
    ['those of other providers are left out', ['${file:/a:k}', '${secrets:a:k}'], []],
    ['of any path', ['${secret:a:k}', '${secret:b:k}'], ['a:k', 'b:k']],
    ['what is none for Kafka is none', ['${secret:a:k', '$secret:a:k}'], []],
    ['names that objects have', ['${secret:__proto__:constructor}'], ['__proto__:constructor']],
  ])('%s', (_, values, expected) => {
    const found = secretsIn(config(...values), isOurs);
    expect(found.map((one) => `${one.path}:${one.key}`)).toEqual(expected);
  });
});

describe('the latest version', () => {
  test.each<[string, number[], number | undefined]>([
    ['is the highest one', [1, 2, 3], 3],
    ['is the highest one that can be read', [1, 2, -3], 2],
    ['is none where all are deleted', [-1, -2], undefined],
    ['is none where all were destroyed', [], undefined],
  ])('%s', (_, versions, expected) => {
    expect(versionsOf(registry({ 'orders:password': versions }))(password)).toBe(expected);
  });

  test('is none of a secret that is not there', () => {
    expect(versionsOf(registry({ 'orders:user': [1] }))(password)).toBeUndefined();
  });
});

const RESTART = (because: string, why: string) => ({ act: 'restart', because, why });
const held = (version: number): Held[] => [{ ...password, version }];
const running = connector('RUNNING', 'RUNNING', 'RUNNING');

describe('what is to be done', () => {
  test.each<[string, Connector, Held[] | undefined, Record<string, number[]>, object]>([
    [
      'it runs with the latest one',
      running,
      held(2),
      { 'orders:password': [1, 2] },
      { act: 'nothing' },
    ],
    [
      'it runs with an older one',
      running,
      held(1),
      { 'orders:password': [1, 2] },
      RESTART('moved', 'orders:password 1 → 2'),
    ],
    [
      'it runs with one that was deleted since',
      running,
      held(2),
      { 'orders:password': [1, -2] },
      RESTART('moved', 'orders:password 2 → 1'),
    ],
    [
      'it refers to one more than when it was restarted',
      running,
      [{ path: 'orders', key: 'user', version: 1 }],
      { 'orders:password': [1], 'orders:user': [1] },
      RESTART('moved', 'orders:password is new in it'),
    ],
    [
      'nothing is known of it',
      running,
      undefined,
      { 'orders:password': [1] },
      RESTART('unknown', 'with which versions it runs is not known here'),
    ],
    [
      'the secret is gone',
      running,
      held(1),
      { 'orders:password': [-1] },
      { act: 'report', why: 'not in the registry, or not for you to see: orders:password' },
    ],
    [
      'the secret is gone, and it failed',
      connector('FAILED'),
      held(1),
      {},
      { act: 'report', why: 'not in the registry, or not for you to see: orders:password' },
    ],
    [
      'it failed',
      connector('FAILED'),
      held(1),
      { 'orders:password': [1] },
      RESTART('failed', 'it is FAILED'),
    ],
    [
      'a task of it failed',
      connector('RUNNING', 'RUNNING', 'FAILED'),
      held(1),
      { 'orders:password': [1] },
      RESTART('failed', 'task 1 is FAILED'),
    ],
    [
      'tasks of it failed',
      connector('RUNNING', 'FAILED', 'FAILED'),
      held(1),
      { 'orders:password': [1] },
      RESTART('failed', 'tasks 0, 1 are FAILED'),
    ],
    [
      'it failed with an older one',
      connector('FAILED'),
      held(1),
      { 'orders:password': [1, 2] },
      RESTART('moved', 'orders:password 1 → 2'),
    ],
    [
      'it failed, and nothing is known of it',
      connector('FAILED'),
      undefined,
      { 'orders:password': [1] },
      RESTART('failed', 'it is FAILED'),
    ],
    [
      'it is paused, whatever moved',
      connector('PAUSED', 'PAUSED'),
      held(1),
      { 'orders:password': [1, 2] },
      { act: 'leave', why: 'it is PAUSED' },
    ],
    [
      'it is stopped',
      connector('STOPPED'),
      undefined,
      { 'orders:password': [1] },
      { act: 'leave', why: 'it is STOPPED' },
    ],
    [
      'it is on its way',
      connector('RESTARTING', 'RESTARTING'),
      held(1),
      { 'orders:password': [1] },
      { act: 'wait', why: 'it is RESTARTING' },
    ],
    [
      'a task is on its way',
      connector('RUNNING', 'UNASSIGNED'),
      held(1),
      { 'orders:password': [1] },
      { act: 'wait', why: 'task 0 is UNASSIGNED' },
    ],
    [
      'it is on its way with an older one',
      connector('UNASSIGNED'),
      held(1),
      { 'orders:password': [1, 2] },
      RESTART('moved', 'orders:password 1 → 2'),
    ],
  ])('%s', (_, one, known, keys, expected) => {
    const names = [
      ...new Set(['orders:password', ...(known ?? []).map((it) => `${it.path}:${it.key}`)]),
    ];
    const secrets = names.map((text) => ({
      path: text.split(':')[0] ?? '',
      key: text.split(':')[1] ?? '',
    }));
    const decision: Decision = decide({
      connector: one,
      secrets,
      versions: versionsOf(registry(keys)),
      held: known,
    });
    expect(decision).toEqual(expected);
  });

  test('a reference that is no longer there is no reason', () => {
    const versions = versionsOf(registry({ 'orders:password': [1] }));
    const known = [...held(1), { path: 'orders', key: 'user', version: 7 }];
    const decision = decide({ connector: running, secrets: [password], versions, held: known });
    expect(decision).toEqual({ act: 'nothing' });
  });
});

test('what a connector holds after its start', () => {
  const versions = versionsOf(registry({ 'orders:password': [1, 2] }));
  const secrets = [password, { path: 'orders', key: 'user' }];
  expect(heldBy(secrets, versions)).toEqual(held(2));
  expect(isSame(held(2), held(2))).toBe(true);
  expect(isSame(held(2), held(3))).toBe(false);
});
