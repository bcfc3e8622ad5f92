import { expect, test } from 'vitest';
import { dueBy, rotationOf } from '../../src/domain/due.ts';
import type { KeyInfo, Metadata } from '../../src/domain/registry.ts';
import { name, path, v } from '../registry/fixture.ts';

function key(pathText: string, metadata: Metadata, ...written: string[]): KeyInfo {
  const place = { path: path(pathText), key: name('password') };
  const versions = written.map((createdAt, i) => ({
    ...place,
    ...{ version: v(i + 1), state: 'enabled' as const, createdAt, createdBy: 'User:alice' },
  }));
  return { ...place, versions, metadata };
}

const march = (day: string) => `2026-03-${day}T00:00:00.000Z`;

test('what ends or is too old by a time is due, overdue included, earliest first', () => {
  const keys = [
    key('ends later', { expiresAt: march('20') }, march('01')),
    key('ends', { expiresAt: march('14'), owner: 'team-a' }, march('01')),
    key('ended', { expiresAt: '2020-01-01T00:00:00.000Z' }, march('01')),
    key('is old', { rotateEveryDays: 10 }, march('01')),
    key('was renewed', { rotateEveryDays: 10 }, march('01'), march('09')),
    key('both', { expiresAt: march('02'), rotateEveryDays: 1 }, march('02')),
    key('nothing noted', {}, '2001-01-01T00:00:00.000Z'),
    key('no version', { rotateEveryDays: 1 }),
  ];
  expect(dueBy(keys, march('14')).map((due) => `${due.path} ${due.what} ${due.at}`)).toEqual([
    'ended expires 2020-01-01T00:00:00.000Z',
    `both expires ${march('02')}`,
    `both rotation ${march('03')}`,
    `is old rotation ${march('11')}`,
    `ends expires ${march('14')}`,
  ]);
  expect(dueBy(keys, march('14')).at(-1)?.owner).toBe('team-a');
});

test('what is due at one time stays in the order of the keys', () => {
  const keys = ['b', 'c', 'a'].map((one) => key(one, { expiresAt: march('02') }, march('01')));
  expect(dueBy(keys, march('14')).map(({ path: one }) => one)).toEqual(['b', 'c', 'a']);
  expect(dueBy([key('later', { expiresAt: march('20') })], march('14'))).toEqual([]);
  expect(dueBy([key('nothing noted', {}, march('01'))], march('14'))).toEqual([]);
});

test('a value is as old as the latest version that is not deleted', () => {
  const info = key('orders', { rotateEveryDays: 10 }, march('01'), march('05'), march('09'));
  const deleted = info.versions.map((one) => ({
    ...one,
    ...(one.createdAt === march('09') && { state: 'deleted' as const }),
  }));
  expect(rotationOf(info)).toBe(march('19'));
  expect(rotationOf({ ...info, versions: deleted })).toBe(march('15'));
  expect(rotationOf({ ...info, versions: [] })).toBeUndefined();
  expect(rotationOf({ ...info, metadata: {} })).toBeUndefined();
});
