import { expect, test } from 'vitest';
import type { KeyInfo, Metadata } from '../../src/domain/registry.ts';
import { existenceOf } from '../../src/validator/existence.ts';
import { name, path, v } from '../registry/fixture.ts';

const place = { path: path('orders'), key: name('password') };
const january = (day: string) => `2026-01-${day}T00:00:00.000Z`;

function key(metadata: Metadata, ...states: ('enabled' | 'deleted')[]): KeyInfo {
  const versions = states.map((state, i) => ({
    ...place,
    ...{ version: v(i + 1), state, createdAt: january(`0${i + 1}`), createdBy: 'User:alice' },
  }));
  return { ...place, versions, metadata };
}

const factOf = (info: KeyInfo) => existenceOf([info]).keys('orders')?.get('password');

test('a fact says when a secret is due, rotation counted from the latest version that can be read', () => {
  expect(factOf(key({}, 'enabled'))).toEqual({ state: 'enabled', version: 1 });
  const noted = { expiresAt: january('31'), rotateEveryDays: 10, owner: 'team-a' };
  expect(factOf(key(noted, 'enabled', 'enabled', 'deleted'))).toEqual({
    ...{ state: 'enabled', version: 2 },
    ...{ expiresAt: january('31'), rotationAt: january('12') },
  });
  expect(factOf(key(noted, 'deleted'))).toEqual({ state: 'deleted', version: 1 });
  expect(factOf(key(noted))).toBeUndefined();
});
