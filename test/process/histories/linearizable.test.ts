// The judge of histories is judged by histories that are known to be right or wrong.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkProperty } from '../../crypto/property.ts';
import { isLinearizable, type Operation } from './linearizable.ts';

type Asked = { put: string } | { get: true } | { remove: true };
type Register = Operation<Asked, string>;

/** A register: `put` answers the number of the version, `get` and `remove` the value or `none`. */
function step({ value, puts }: { value: string; puts: number }, asked: Asked) {
  if ('put' in asked)
    return { state: { value: asked.put, puts: puts + 1 }, outcome: String(puts + 1) };
  if ('get' in asked) return { state: { value, puts }, outcome: value };
  return { state: { value: 'none', puts }, outcome: value };
}

const holds = (history: readonly Register[]) =>
  isLinearizable(history, { value: 'none', puts: 0 }, step);

/** `[began, ended, asked, outcome]`; without an end nobody was answered. */
type Row = [began: number, ended: number | undefined, asked: Asked, outcome?: string];

const history = (rows: readonly Row[]): Register[] =>
  rows.map(([began, ended, asked, outcome = '']) => ({
    asked,
    began,
    answer: ended === undefined ? undefined : { ended, outcome },
  }));

const put = (value: string): Asked => ({ put: value });
const get: Asked = { get: true };
const remove: Asked = { remove: true };

test.each<[title: string, is: boolean, rows: Row[]]>([
  ['nothing', true, []],
  [
    'a write and a read after it',
    true,
    [
      [1, 2, put('a'), '1'],
      [3, 4, get, 'a'],
    ],
  ],
  [
    'a read that does not see the write before it',
    false,
    [
      [1, 2, put('a'), '1'],
      [3, 4, get, 'none'],
    ],
  ],
  [
    'a read during the write that does not see it',
    true,
    [
      [1, 4, put('a'), '1'],
      [2, 3, get, 'none'],
    ],
  ],
  [
    'a read during the write that sees it',
    true,
    [
      [1, 4, put('a'), '1'],
      [2, 3, get, 'a'],
    ],
  ],
  [
    'a read that sees it, and one after that which does not',
    false,
    [
      [1, 9, put('a'), '1'],
      [2, 3, get, 'a'],
      [4, 5, get, 'none'],
    ],
  ],
  [
    'two writes at once, which two readers see in two orders',
    false,
    [
      [1, 9, put('a'), '1'],
      [1, 9, put('b'), '2'],
      [2, 3, get, 'b'],
      [4, 5, get, 'a'],
    ],
  ],
  [
    'a number that is given twice',
    false,
    [
      [1, 2, put('a'), '1'],
      [1, 2, put('b'), '1'],
    ],
  ],
  [
    'a number that is left out',
    false,
    [
      [1, 2, put('a'), '1'],
      [3, 4, put('b'), '3'],
    ],
  ],
  [
    'a write that is lost',
    false,
    [
      [1, 2, put('a'), '1'],
      [3, 4, put('b'), '2'],
      [5, 6, get, 'a'],
    ],
  ],
  [
    'a delete that comes back',
    false,
    [
      [1, 2, put('a'), '1'],
      [3, 4, remove, 'a'],
      [5, 6, get, 'a'],
    ],
  ],
  [
    'a write of a killed process that was done',
    true,
    [
      [1, undefined, put('a')],
      [5, 6, get, 'a'],
      [7, 8, put('b'), '2'],
    ],
  ],
  [
    'one that was not done',
    true,
    [
      [1, undefined, put('a')],
      [5, 6, get, 'none'],
      [7, 8, put('b'), '1'],
    ],
  ],
  [
    'one that is done long after',
    true,
    [
      [1, undefined, put('a')],
      [5, 6, get, 'none'],
      [7, 8, get, 'a'],
    ],
  ],
  [
    'one that was done, and then was not',
    false,
    [
      [1, undefined, put('a')],
      [5, 6, get, 'a'],
      [7, 8, get, 'none'],
    ],
  ],
  [
    'one that is seen before it began',
    false,
    [
      [1, 2, get, 'a'],
      [3, undefined, put('a')],
    ],
  ],
  [
    'one of two that explains the number of a third',
    true,
    [
      [1, undefined, put('a')],
      [1, undefined, put('b')],
      [3, 4, put('c'), '2'],
      [5, 6, get, 'c'],
    ],
  ],
  [
    'fewer than explain the number of another one',
    false,
    [
      [1, undefined, put('a')],
      [3, 4, put('c'), '3'],
    ],
  ],
  [
    'at the same moment either may be first',
    true,
    [
      [1, 2, put('a'), '1'],
      [2, 3, get, 'none'],
    ],
  ],
])('%s: %s', (_, is, rows) => {
  expect(holds(history(rows))).toBe(is);
});

const asked = fc.oneof(
  fc.constantFrom<Asked[]>(get, get, remove),
  fc.nat(99).map((value) => put(`v${value}`)),
);
/** What one process is answered, each as if it had taken some time around the moment at which it happened. */
const sequential = fc
  .array(fc.record({ asked, early: fc.nat(25), late: fc.nat(25), isAnswered: fc.boolean() }), {
    minLength: 2,
    maxLength: 60,
  })
  .map((all) => {
    let state = { value: 'none', puts: 0 };
    return all.map(({ asked, early, late, isAnswered }, i): Register => {
      const next = step(state, asked);
      state = next.state;
      const at = i * 10;
      // Two in a row that are not answered at all would be rare in a real run.
      const isKilled = !isAnswered && i % 4 === 3;
      const answer = isKilled ? undefined : { ended: at + late, outcome: next.outcome };
      return { asked, began: at - early, answer };
    });
  });

test('what one process did is accepted, however long each seems to have taken', () => {
  checkProperty('sequential histories', 500, sequential, (made) => {
    expect(holds(made)).toBe(true);
  });
});

/** Every order is tried. */
function holdsSomehow(left: readonly Register[], state = { value: 'none', puts: 0 }): boolean {
  if (left.every(({ answer }) => answer === undefined)) return true;
  return left.some((one) => {
    const isNext = left.every(({ answer }) => answer === undefined || answer.ended >= one.began);
    const next = step(state, one.asked);
    if (!isNext || (one.answer !== undefined && one.answer.outcome !== next.outcome)) return false;
    return holdsSomehow(
      left.filter((other) => other !== one),
      next.state,
    );
  });
}

test('small histories are judged as by whoever tries every order', () => {
  const operation = fc
    .record({
      asked: fc.constantFrom<Asked[]>(get, get, remove, put('a'), put('b')),
      began: fc.nat(12),
      lasts: fc.option(fc.nat(8), { freq: 6 }),
      outcome: fc.constantFrom('none', 'a', 'b', '1', '2'),
    })
    // A write answers a number, and what else would be found at once.
    .filter(({ asked, outcome }) => 'put' in asked === /\d/.test(outcome))
    .map(({ asked, began, lasts, outcome }): Register => {
      const answer = lasts === null ? undefined : { ended: began + lasts, outcome };
      return { asked, began, answer };
    });
  const met = { right: 0, wrong: 0 };
  checkProperty('small histories', 3000, fc.array(operation, { maxLength: 6 }), (made) => {
    const is = holdsSomehow(made);
    met[is ? 'right' : 'wrong'] += 1;
    expect(holds(made)).toBe(is);
  });
  expect(Math.min(met.right, met.wrong)).toBeGreaterThan(200);
});

test('the same with one answer that was never right is refused', () => {
  checkProperty('forged reads', 500, fc.tuple(sequential, fc.nat()), ([made, which]) => {
    const answered = made.filter(({ answer }) => answer !== undefined);
    const one = answered[which % answered.length];
    const forged = made.map((other) =>
      other === one && other.answer !== undefined
        ? { ...other, answer: { ...other.answer, outcome: 'never' } }
        : other,
    );
    expect(holds(forged)).toBe(false);
  });
});

test('two reads that have swapped their answers are refused', () => {
  const values = fc.uniqueArray(fc.nat(99), { minLength: 2, maxLength: 12 });
  checkProperty('swapped reads', 500, fc.tuple(values, fc.nat(), fc.nat()), ([all, a, b]) => {
    const rows = all.flatMap((value, i): Row[] => [
      [i * 10, i * 10 + 2, put(`v${value}`), String(i + 1)],
      [i * 10 + 4, i * 10 + 6, get, `v${value}`],
    ]);
    const [first, second] = [a % all.length, b % all.length];
    expect(holds(history(rows))).toBe(true);
    if (first === second) return;
    const swapped = rows.map((row, i): Row => {
      const other = i === 2 * first + 1 ? second : i === 2 * second + 1 ? first : undefined;
      return other === undefined ? row : [row[0], row[1], row[2], `v${all[other]}`];
    });
    expect(holds(history(swapped))).toBe(false);
  });
});
