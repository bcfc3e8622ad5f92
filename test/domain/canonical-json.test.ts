// RFC 8785, the cases of its text and appendices that our values can have.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  canonicalJson,
  canonicalMembers,
  joinMembers,
  type JsonValue,
  withMember,
} from '../../src/domain/canonical-json.ts';
import { checkProperty } from '../crypto/property.ts';

describe('canonical JSON', () => {
  test.each<[string, JsonValue, string]>([
    ['literals', { c: null, b: true, a: false }, '{"a":false,"b":true,"c":null}'],
    ['no white space', [1, { a: [2, {}] }, []], '[1,{"a":[2,{}]},[]]'],
    ['the order of a list stays', [3, 1, 2], '[3,1,2]'],
    ['members that are undefined are left out', { b: undefined, a: 1 }, '{"a":1}'],
    ['numerals are sorted as text', { 10: 1, 9: 2, 1: 3 }, '{"1":3,"10":1,"9":2}'],
    ['the empty name comes first', { a: 1, '': 2 }, '{"":2,"a":1}'],
    ['capitals come before small letters', { b: 1, a: 2, B: 3 }, '{"B":3,"a":2,"b":1}'],
    [
      'the numbers of section 3.2.2',
      [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      '[333333333.3333333,1e+30,4.5,0.002,1e-27]',
    ],
    ['minus zero is zero (appendix B)', -0, '0'],
    [
      'the least and the largest number (appendix B)',
      [5e-324, 1.7976931348623157e308],
      '[5e-324,1.7976931348623157e+308]',
    ],
    [
      'whole numbers stay whole up to 10^21 (appendix B)',
      [9007199254740991, 1e20, 1e21],
      '[9007199254740991,100000000000000000000,1e+21]',
    ],
    [
      'the text of section 3.2.2',
      '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
      '"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"',
    ],
    ['only what must be is escaped', '\u007f\u2028\u{1f511}<', '"\u007f\u2028\u{1f511}<"'],
    ['the short escapes', '\b\f\n\r\t', '"\\b\\f\\n\\r\\t"'],
  ])('%s', (_, value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  test('names are sorted by UTF-16 code units, not by code points (section 3.2.3)', () => {
    const names = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\u{1f600}': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };
    expect(Object.values(JSON.parse(canonicalJson(names)) as object)).toHaveLength(7);
    const order = [...canonicalJson(names).matchAll(/:"([^"]+)"/g)].map(([, name]) => name);
    expect(order).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    '%d is refused',
    (number) => {
      for (const value of [number, [number], { a: number }])
        expect(() => canonicalJson(value)).toThrow('a number that JSON cannot hold');
    },
  );

  test('any value has one text, whatever the order of its members, and reads back as itself', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text) as JsonValue)).toBe(text);
        expect(canonicalJson(reversed(JSON.parse(text) as JsonValue))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { numRuns: 500 },
    );
  });
});

test.each([
  [{}, '{"m":0}'],
  [{ a: 1 }, '{"a":1,"m":0}'],
  [{ z: 1 }, '{"m":0,"z":1}'],
  [{ z: 1, a: 2, l: 3, n: 4, M: undefined }, '{"a":2,"l":3,"m":0,"n":4,"z":1}'],
])('a member that is put into %o stands in its place', (value, text) => {
  expect(joinMembers(withMember(canonicalMembers(value), 'm', 0))).toBe(text);
});

test('a member that is added is where writing the whole object would have put it', () => {
  const name = fc.string({ unit: fc.constantFrom('a', 'B', '1', 'é', '\u{1f600}'), maxLength: 2 });
  const object = fc.dictionary(name, fc.jsonValue({ maxDepth: 2 }));
  checkProperty('members', 1_000, fc.tuple(object, name), ([value, added]) => {
    fc.pre(!Object.hasOwn(value, added));
    const members = canonicalMembers(value);
    expect(joinMembers(members)).toBe(canonicalJson(value));
    const whole = canonicalJson({ ...value, [added]: [true] });
    expect(joinMembers(withMember(members, added, [true]))).toBe(whole);
  });
});

/** The same value with the members of each object the other way round. */
function reversed(value: JsonValue): JsonValue {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(reversed);
  const members = Object.entries(value as { [name: string]: JsonValue }).reverse();
  return Object.fromEntries(members.map(([name, member]) => [name, reversed(member)]));
}
