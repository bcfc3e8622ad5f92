// What --dry-run shows: a unified diff whose values are hidden.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shownDiff } from '../../src/validator/diff.ts';

async function diff(before: string, after: string): Promise<string> {
  const lines = await shownDiff(before, after, {});
  return lines.map(({ sign, text }) => `${sign}${text}`).join('\n');
}

const file = (...settings: string[]) =>
  `{"name":"orders","config":{\n${settings.join(',\n')}\n}}\n`;
const setting = (name: string, value = '1') => `  "${name}": "${value}"`;
const names = Array.from({ length: 12 }, (_, at) => `s${at}`);

test('changes that are near share a place, others have their own', async () => {
  const all = names.map((name) => setting(name));
  const changed = (...which: string[]) =>
    file(...names.map((name) => setting(name, which.includes(name) ? '${secret:orders:p}' : '1')));
  expect(await diff(file(...all), changed('s0', 's3', 's11'))).toBe(
    [
      '@@@ -1,8 +1,8 @@',
      ' {"name":"******","config":{',
      '-  "s0": "*",',
      '+  "s0": "${secret:orders:p}",',
      '   "s1": "*",',
      '   "s2": "*",',
      '-  "s3": "*",',
      '+  "s3": "${secret:orders:p}",',
      '   "s4": "*",',
      '   "s5": "*",',
      '   "s6": "*",',
      '@@@ -10,5 +10,5 @@',
      '   "s8": "*",',
      '   "s9": "*",',
      '   "s10": "*",',
      '-  "s11": "*"',
      '+  "s11": "${secret:orders:p}"',
      ' }}',
    ].join('\n'),
  );
  expect(await diff(file(...all), file(...all))).toBe('');
});

test('a change of the number of lines shows all lines from the first that differs to the last', async () => {
  const before = file(setting('a'), setting('b'), setting('c'));
  const after = file(setting('a'), setting('b', '2'), setting('more'), setting('c'));
  expect(await diff(before, after)).toBe(
    [
      '@@@ -1,5 +1,6 @@',
      ' {"name":"******","config":{',
      '   "a": "*",',
      '-  "b": "*",',
      '+  "b": "*",',
      '+  "more": "*",',
      '   "c": "*"',
      ' }}',
    ].join('\n'),
  );
});

test('of a long line only what changes and what stands beside it is shown', async () => {
  const line = (path: string) =>
    JSON.stringify({
      name: 'orders',
      config: { a: 'x'.repeat(500), p: `\${secret:${path}:p}`, b: 'y'.repeat(500) },
    });
  const text = await diff(line('order'), line('orders'));
  expect(text).toBe(
    [
      '@@@ -1,1 +1,1 @@',
      `-…${'*'.repeat(19)}","p":"\${secret:order:p}","b":"${'*'.repeat(30)}…`,
      `+…${'*'.repeat(19)}","p":"\${secret:orders:p}","b":"${'*'.repeat(30)}…`,
    ].join('\n'),
  );
});

test('no credential is in a diff, whatever changes', async () => {
  const value = fc.constantFrom(
    'QkZwXvJyHq',
    '${secret:orders:p} QkZwXvJyHq',
    '{secret:x:y}QkZwXvJyHq\\',
    '${secrets:a:b',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(value), fc.array(value), async (one, other) => {
      const texts = [one, other].map((values) =>
        file(...values.map((it, at) => `"s${at}": ${JSON.stringify(it)}`)),
      );
      expect(await diff(texts[0]!, texts[1]!)).not.toContain('QkZwXv');
      expect(await diff(texts[0]!.slice(0, -4), texts[1]!)).not.toContain('QkZwXv');
    }),
    { numRuns: 500 },
  );
});
