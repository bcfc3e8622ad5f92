// What may be noted of a key, and the clause that a person reads where it may not.
import { describe, expect, test } from 'vitest';
import { parseMetadataChanges } from '../../src/domain/metadata.ts';

const key = '\u{1f511}';

describe('what is taken', () => {
  test.each([
    ['nothing', {}, {}],
    ['a description as people write them', { description: 'for Łódź: "x" <b>' }, undefined],
    ['1024 code points of two code units each', { description: key.repeat(1024) }, undefined],
    ['an owner of 255', { owner: 'o'.repeat(255) }, undefined],
    [
      '32 tags of 64',
      { tags: Array.from({ length: 32 }, (_, i) => `${i}`.padStart(64, 't')) },
      undefined,
    ],
    ['a tag that stands twice, once', { tags: ['a', 'b', 'a'] }, { tags: ['a', 'b'] }],
    ['no tags, which takes them away', { tags: [] }, { tags: null }],
    ['null, which takes one away', { owner: null, tags: null, expiresAt: null }, undefined],
    ['undefined, which says nothing', { owner: undefined }, {}],
    ['the least days', { rotateEveryDays: 1 }, undefined],
    ['the most days', { rotateEveryDays: 3650 }, undefined],
    [
      'a time, in UTC with milliseconds',
      { expiresAt: '2027-01-31T01:30:00.5+02:00' },
      { expiresAt: '2027-01-30T23:30:00.500Z' },
    ],
  ])('%s', (_, input, changes) => {
    expect(parseMetadataChanges(input)).toEqual({ ok: true, value: changes ?? input });
  });
});

describe('what is refused', () => {
  const names = 'description, owner, tags, expiresAt and rotateEveryDays';
  test.each([
    ['another name', { colour: 'red' }, `there is no 'colour' in it, but ${names}`],
    [
      'a name that every object has',
      { constructor: 'x' },
      `there is no 'constructor' in it, but ${names}`,
    ],
    [
      '__proto__',
      JSON.parse('{"__proto__": {"owner": "x"}}'),
      `there is no '__proto__' in it, but ${names}`,
    ],
    ['a name with an escape', { '\u001b[2J': 1 }, `there is no '\\u{1b}[2J' in it, but ${names}`],
    [
      'a very long name',
      { ['x'.repeat(1e6)]: 1 },
      `there is no '${'x'.repeat(40)}…' in it, but ${names}`,
    ],
    [
      'a name of 40 characters',
      { ['x'.repeat(40)]: 1 },
      `there is no '${'x'.repeat(40)}' in it, but ${names}`,
    ],
    ['a number for a text', { owner: 1 }, 'its owner is not text'],
    ['an empty text', { description: '' }, 'its description is empty'],
    [
      '1025 characters',
      { description: 'd'.repeat(1025) },
      'its description is longer than 1024 characters',
    ],
    [
      '1025 code points',
      { description: key.repeat(1025) },
      'its description is longer than 1024 characters',
    ],
    ['an owner of 256', { owner: 'o'.repeat(256) }, 'its owner is longer than 255 characters'],
    ['half of a pair', { owner: 'a\ud800' }, 'its owner holds half of a surrogate pair'],
    ['a new line', { description: 'a\nb' }, 'its description holds a control character (U+000A)'],
    ['an escape', { owner: '\u001b[31m' }, 'its owner holds a control character (U+001B)'],
    ['C1', { owner: 'a\u0085b' }, 'its owner holds a control character (U+0085)'],
    ['a line separator', { owner: 'a\u2028b' }, 'its owner holds a line separator (U+2028)'],
    [
      'a turn of the text',
      { owner: 'a\u202eb' },
      'its owner holds a text-direction control (U+202E)',
    ],
    ['white space around', { owner: ' a' }, 'its owner begins or ends with white space'],
    ['one text for tags', { tags: 'a' }, 'its tags are not a list'],
    ['a tag that is a list', { tags: [['a']] }, 'its tags have one that is not text'],
    ['a tag with a comma', { tags: ['a,b'] }, 'its tags have one that holds a comma'],
    [
      'a tag of 65',
      { tags: ['t'.repeat(65)] },
      'its tags have one that is longer than 64 characters',
    ],
    [
      '33 tags',
      { tags: Array.from({ length: 33 }, (_, i) => `${i}`) },
      'its tags are more than 32',
    ],
    ['a day without a time', { expiresAt: '2027-01-31' }, /^its expiresAt is no time as RFC 3339/],
    ['a day that there is not', { expiresAt: '2027-02-29T00:00:00Z' }, /^its expiresAt is no time/],
    ['a number for a time', { expiresAt: 1 }, /^its expiresAt is no time/],
    ['a list of a time', { expiresAt: ['2027-01-31T00:00:00Z'] }, /^its expiresAt is no time/],
    ['no days', { rotateEveryDays: 0 }, 'its rotateEveryDays is no whole number from 1 to 3650'],
    [
      'half a day',
      { rotateEveryDays: 0.5 },
      'its rotateEveryDays is no whole number from 1 to 3650',
    ],
    [
      'too many days',
      { rotateEveryDays: 3651 },
      'its rotateEveryDays is no whole number from 1 to 3650',
    ],
    [
      'days as text',
      { rotateEveryDays: '90' },
      'its rotateEveryDays is no whole number from 1 to 3650',
    ],
    ['one wrong member beside a right one', { owner: 'a', tags: 1 }, 'its tags are not a list'],
  ])('%s', (_, input, problem) => {
    const parsed = parseMetadataChanges(input as object);
    expect(parsed).toEqual({
      ok: false,
      problem: typeof problem === 'string' ? problem : expect.stringMatching(problem),
    });
  });

  test('no problem shows a text that was given: it may be a value in the wrong place', () => {
    const canary = 'hunter2-canary';
    for (const input of [
      { owner: `${canary}\n` },
      { tags: [canary, `${canary},`] },
      { expiresAt: canary },
      { rotateEveryDays: canary },
    ])
      expect(JSON.stringify(parseMetadataChanges(input))).not.toContain(canary);
  });
});
