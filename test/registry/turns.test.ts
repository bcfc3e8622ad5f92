import { expect, test } from 'vitest';
import { Turns } from '../../src/registry/turns.ts';
import { codeOf } from './fixture.ts';

/** Work that is done when it is told so. */
function work(turns: Turns, begun: string[], name: string) {
  const { promise, resolve } = Promise.withResolvers<void>();
  const result = turns.take(async () => {
    begun.push(name);
    await promise;
    return name;
  });
  return { result, end: resolve };
}

test('so many at a time, the others in their order, and none overtakes', async () => {
  const turns = new Turns(2, 10, 'too many');
  const begun: string[] = [];
  const [a, b, c, d] = [
    work(turns, begun, 'a'),
    work(turns, begun, 'b'),
    work(turns, begun, 'c'),
    work(turns, begun, 'd'),
  ];
  expect(begun).toEqual(['a', 'b']);
  b.end();
  expect(await b.result).toBe('b');
  const e = work(turns, begun, 'e');
  expect(begun).toEqual(['a', 'b', 'c']);
  for (const one of [a, c, d, e]) one.end();
  expect(await Promise.all([a, c, d, e].map((one) => one.result))).toEqual(['a', 'c', 'd', 'e']);
  expect(begun).toEqual(['a', 'b', 'c', 'd', 'e']);
});

test('beyond those that may wait it is refused, until one is done', async () => {
  const turns = new Turns(1, 2, 'too many');
  const begun: string[] = [];
  const taken = ['a', 'b', 'c'].map((name) => work(turns, begun, name));
  expect(await codeOf(work(turns, begun, 'd').result)).toBe('too-many-requests');
  taken[0]?.end();
  await taken[0]?.result;
  const last = work(turns, begun, 'e');
  for (const one of [...taken, last]) one.end();
  expect(await last.result).toBe('e');
  expect(begun).toEqual(['a', 'b', 'c', 'e']);
});

test('work that fails gives its turn away too', async () => {
  const turns = new Turns(1, 2, 'too many');
  await expect(turns.take(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await turns.take(async () => 'yes')).toBe('yes');
});
