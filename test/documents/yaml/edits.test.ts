// After an edit the text reads as before but for the part that was replaced.
import fc from 'fast-check';
import { Document, Scalar, visit } from 'yaml';
import { describe, expect, test } from 'vitest';
import { applyEdits } from '../../../src/documents/edit.ts';
import { parseYaml } from '../../../src/documents/yaml/document.ts';

function valueIn(text: string): unknown {
  const { roots, problems } = parseYaml(text);
  expect(problems).toEqual([]);
  return roots[0]?.value;
}

const piece = fc.oneof(
  fc.constantFrom(...'ab1 -'),
  fc.constantFrom(
    ...['\n', '\n\n', '  ', '\t', '"', "'", '\\', ': ', ' #', '- ', '${', '}', ',', '[', '\r\n'],
    ...['\r', '\u0085', '\u00a0', '\u2028', '\ufeff', 'é', '😀', '%', '|', '>', '&', '*', '!', '?'],
    ...['true', 'null', '~', '0777', '---', '...', '{{ x }}', '=', '@', '`', ':', '<<'],
  ),
);
const anyText = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
const STYLES = [
  Scalar.PLAIN,
  Scalar.QUOTE_SINGLE,
  Scalar.QUOTE_DOUBLE,
  Scalar.BLOCK_LITERAL,
  Scalar.BLOCK_FOLDED,
] as const;

/** A text with a string in it, and the pointer of that. */
const written = fc
  .record({
    value: anyText,
    style: fc.constantFrom(...STYLES),
    lineWidth: fc.constantFrom(0, 20, 30, 60),
    shape: fc.constantFrom('map', 'list', 'flow', 'flowMap', 'inList'),
    isWindows: fc.boolean(),
  })
  .map(({ value, style, lineWidth, shape, isWindows }) => {
    const scalar = new Scalar(value);
    scalar.type = style;
    if (style === Scalar.QUOTE_DOUBLE) scalar.comment = ' a remark';
    const shapes = {
      map: [{ before: '1', k: { v: scalar, w: 'x' }, behind: 2 }, '/0/k/v'],
      list: [{ before: [scalar, 'x'], behind: 2 }, '/0/before/0'],
      flow: [{ before: [scalar, 'x'], behind: 2 }, '/0/before/0'],
      flowMap: [{ k: [{ v: scalar, w: 'x' }] }, '/0/k/0/v'],
      inList: [[[{ v: scalar, w: 'x' }], 'y'], '/0/0/0/v'],
    } as const;
    const [root, pointer] = shapes[shape];
    const document = new Document(root);
    visit(document, {
      Seq: (_key, node) => void (shape.startsWith('flow') && (node.flow = true)),
    });
    const text = document.toString({ lineWidth, minContentWidth: 0 });
    return { text: isWindows ? text.replaceAll(/\r?\n/g, '\r\n') : text, pointer };
  })
  // The library writes control characters that YAML does not let it read again, and `?` in front of a string in brackets,
  // which makes a map of it.
  .filter(({ text, pointer }) => {
    const { roots, problems } = parseYaml(text);
    return problems.length === 0 && typeof at(roots[0]?.value, namesOf(pointer)) === 'string';
  });

function namesOf(pointer: string): string[] {
  return pointer.split('/').slice(2);
}

function at(value: unknown, names: readonly string[]): unknown {
  return names.reduce((found, name) => (found as Record<string, unknown>)[name], value);
}

function setIn(
  value: unknown,
  [first, ...rest]: string[],
  change: (old: unknown) => unknown,
): unknown {
  if (first === undefined) return change(value);
  if (Array.isArray(value))
    return value.map((item, index) => (String(index) === first ? setIn(item, rest, change) : item));
  const map = value as Record<string, unknown>;
  return { ...map, [first]: setIn(map[first], rest, change) };
}

describe('an edit', () => {
  test('changes the part and nothing else', () => {
    fc.assert(
      fc.property(
        written,
        fc.array(fc.tuple(fc.nat(), fc.nat(), anyText), { maxLength: 2 }),
        (source, cuts) => {
          const { text, pointer } = source;
          const path = namesOf(pointer);
          const before = valueIn(text);
          const old = at(before, path) as string;
          const places = cuts
            .flatMap(([first, second]) => [first % (old.length + 1), second % (old.length + 1)])
            .toSorted((a, b) => a - b);
          const parts = cuts.map(([, , put], index) => ({
            start: places[2 * index] ?? 0,
            end: places[2 * index + 1] ?? 0,
            text: put,
          }));
          const expected = applyEdits(
            old,
            parts.map(({ start, end, text: put }) => ({
              offset: start,
              length: end - start,
              text: put,
            })),
          );
          const edited = applyEdits(text, parseYaml(text).replace(pointer, parts));
          expect(valueIn(edited)).toEqual(setIn(before, path, () => expected));
          expect(remarksIn(edited)).toBe(remarksIn(text));
        },
      ),
      { numRuns: 3000 },
    );
  });

  test('writes a string in place of a whole value', () => {
    fc.assert(
      fc.property(written, anyText, (source, put) => {
        const { text, pointer } = source;
        const path = namesOf(pointer);
        const edited = applyEdits(text, [parseYaml(text).write(pointer, put)]);
        expect(valueIn(edited)).toEqual(setIn(valueIn(text), path, () => put));
        expect(remarksIn(edited)).toBe(remarksIn(text));
      }),
      { numRuns: 3000 },
    );
  });

  function remarksIn(text: string): string {
    return parseYaml(text)
      .comments.map(({ text: remark }) => remark)
      .join('\n');
  }

  const NEW = '${secret:orders:password}';
  test.each([
    ['a plain value', 'k: hunter2 # why', '/0/k', `k: ${NEW} # why`],
    ['a plain value in braces', '{k: hunter2}', '/0/k', `{k: "${NEW}"}`],
    ['a number', 'k: 12345', '/0/k', `k: ${NEW}`],
    ['a number with a tag', 'k: !!int 12345', '/0/k', `k: ${NEW}`],
    [
      'a vaulted value',
      'k: !vault |\n  $ANSIBLE_VAULT;1.1\n  6162\nl: 1',
      '/0/k',
      `k: ${NEW}\nl: 1`,
    ],
    ['a tagged value with an anchor', 'k: !!int &a 1\nl: *a', '/0/k', `k: &a ${NEW}\nl: *a`],
    ['nothing', 'k:\nl: 1', '/0/k', `k: ${NEW}\nl: 1`],
    ['nothing with a remark', 'k: # why\nl: 1', '/0/k', `k: ${NEW} # why\nl: 1`],
    ['nothing with an anchor', 'k: &a\nl: 1', '/0/k', `k: &a ${NEW}\nl: 1`],
    ['nothing in braces', '{k}', '/0/k', `{k: "${NEW}"}`],
    ['nothing in braces behind a colon', '{k: , l: 1}', '/0/k', `{k: "${NEW}", l: 1}`],
    ['a value in double quotes', 'k: "hunter2"', '/0/k', `k: "${NEW}"`],
    ['a value in single quotes', "k: 'hunter2'", '/0/k', `k: '${NEW}'`],
    ['a block', 'k: | # why\n  hunter2\n\nl: 1', '/0/k', `k: ${NEW} # why\n\nl: 1`],
    ['a list', 'k:\n- a\n- b\nl: 1', '/0/k', `k:\n "${NEW}"\nl: 1`],
    ['a list in brackets', 'k: [a, b]', '/0/k', `k: "${NEW}"`],
    ['a map', '- k: a\n  l: b\n- c', '/0/0', `-  "${NEW}"\n- c`],
  ])('writes a reference in place of %s', (_what, text, pointer, edited) => {
    const document = parseYaml(text);
    expect(applyEdits(text, [document.write(pointer, NEW)])).toBe(edited);
    const path = namesOf(pointer);
    const value = path.reduce((it, name) => (it as Record<string, unknown>)[name], valueIn(edited));
    expect(value).toBe(NEW);
  });

  test.each([
    ['plain', 'k: ${secret:a:b} # why', [2, 8], 'vault', 'k: ${vault:a:b} # why'],
    ['plain that cannot hold it', 'k: ab # why', [1, 2], ': c', 'k: "a: c" # why'],
    ['plain over lines', 'k: ab\n  cd', [3, 5], 'x', 'k: ab\n  x'],
    ['plain before a fold', 'k: ab\n  cd', [0, 2], 'x ', 'k: "x  cd"'],
    ['single quotes', "k: 'it''s'", [2, 3], "''", "k: 'it''''s'"],
    ['single quotes and a line break', "k: 'ab'", [1, 1], '\n', 'k: "a\\nb"'],
    ['double quotes', 'k: "a\\tb"', [1, 2], '"', 'k: "a\\"b"'],
    ['an escaped line break', 'k: "ab\\\n    cd"', [0, 2], 'x', 'k: "x\\\n    cd"'],
    ['a literal block', 'k: |\n  ab\n  cd\n', [0, 1], 'x\ny', 'k: |\n  x\n  yb\n  cd\n'],
    ['a literal block of Windows', 'k: |\r\n  ab\r\n', [0, 1], 'x\ny', 'k: |\r\n  x\r\n  yb\r\n'],
    ['a literal block that cannot hold it', 'k: |\n  ab\n', [0, 1], ' x', 'k: " xb\\n"\n'],
    ['a folded block', 'k: >-\n  ab\n  cd\n', [3, 5], 'x', 'k: >-\n  ab\n  x\n'],
    ['all of a block', 'k: |\n  ab\nl: 1', [0, 3], '', 'k: ""\nl: 1'],
    ['JSON', '{"k": "ab"}', [0, 1], '\\', '{"k": "\\\\b"}'],
  ] as const)('of a part keeps the style: %s', (_what, text, [start, end], put, edited) => {
    expect(applyEdits(text, parseYaml(text).replace('/0/k', [{ start, end, text: put }]))).toBe(
      edited,
    );
  });
});
