// Where a comment has to stand to hide a finding, in a format whose comments may stand behind a setting.
import { describe, expect, test } from 'vitest';
import { cpuTime } from '../cpu-time.ts';
import { positionsIn } from '../../src/documents/position.ts';
import { parseYaml } from '../../src/documents/yaml/document.ts';
import { Ignores } from '../../src/validator/ignores.ts';
import { validator } from '../../src/validator/validate.ts';

const lines = [
  '%YAML 1.2',
  '--- # secretreg-ignore-file missing-class not meant to be started',
  '# secretreg-ignore missing-key in front',
  '# another comment',
  '"a": x',
  'b: y # secretreg-ignore missing-key behind',
  'c: z',
  'd: "one',
  '  two" # secretreg-ignore missing-key behind the last of its lines',
  'list:',
  '  # secretreg-ignore missing-key in front of an item',
  '  - {e: 1, f: 2}',
  '# secretreg-ignore unknown-provider nothing follows',
  '',
  'g: 1',
  '# secretreg-ignore parse-error whatever stands here',
  'h: 1',
  '# secretreg-ignore-file unknown-provider too late',
];
const text = `${lines.join('\n')}\n`;
const document = parseYaml(text);

function hides(
  rule: 'missing-key' | 'missing-class' | 'unknown-provider' | 'parse-error',
  pointer: string,
) {
  const ignores = new Ignores([document], () => positionsIn(text));
  const place = document.locate(`/0${pointer}`);
  const connector = {
    document,
    pointer: '/0',
    configPointer: '/0',
    name: 'x',
    names: [],
    needsName: false,
    entries: [],
  };
  return ignores.hides(rule, place, connector, { key: 'x', value: 'x', pointer: `/0${pointer}` });
}

describe('a comment hides a finding', () => {
  test.each([
    ['in front of a setting, with another comment between', '/a', true],
    ['behind a setting', '/b', true],
    ['of the setting in front', '/c', false],
    ['behind the last line of a value', '/d', true],
    ['in front of an item that has no name of its own', '/list/0/e', true],
    ['far away', '/g', false],
  ])('%s', (_where, pointer, expected) => {
    expect(hides('missing-key', pointer)).toBe(expected);
  });

  test('of its own rule only, and for a file from its top only', () => {
    expect(hides('missing-class', '/g')).toBe(true);
    expect(hides('unknown-provider', '/g')).toBe(false);
    expect(hides('parse-error', '/h')).toBe(false);
  });
});

test('every comment that asks for something is told, with the words that may be shown', () => {
  const { all } = new Ignores([document], () => positionsIn(text));
  expect(all.map(({ start, end }) => text.slice(start, end))).toEqual([
    'secretreg-ignore-file missing-class',
    ...Array.from({ length: 4 }, () => 'secretreg-ignore missing-key'),
    'secretreg-ignore unknown-provider',
    'secretreg-ignore parse-error',
    'secretreg-ignore-file unknown-provider',
  ]);
  expect(all.map(({ isAtTop }) => isAtTop).indexOf(false)).toBe(2);
});

describe('a comment of a script in YAML', () => {
  const curl = `curl -d '{"connector.class":"x.Y","x.password":"Kessel77"}' http://c/connectors/a/config`;
  const comment = '# secretreg-ignore literal-secret it is meant';

  /** Of a pipeline, and of a file in a ConfigMap. */
  const around = (lines: readonly string[]) => [
    `jobs:\n  - run: |\n      ${lines.join('\n      ')}\n`,
    `apiVersion: v1\nkind: ConfigMap\ndata:\n  run.sh: |\n    #!/bin/sh\n    ${lines.join('\n    ')}\n`,
  ];

  test.each<[where: string, lines: readonly string[], ignored: number, rules: string[]]>([
    ['in front', [comment, curl], 1, []],
    ['behind', [`${curl} ${comment}`], 1, []],
    ['with nothing to hide', [comment, 'ls', curl], 0, ['unused-ignore', 'literal-secret']],
    [
      'of no reason',
      [`${curl} # secretreg-ignore literal-secret`],
      0,
      ['literal-secret', 'unused-ignore'],
    ],
  ])('%s', async (_where, lines, ignored, rules) => {
    for (const text of around(lines)) {
      const report = await validator({ inlineIgnores: true })({ file: 'a.yaml', text });
      expect([report.ignored ?? 0, report.diagnostics.map(({ rule }) => rule)]).toEqual([
        ignored,
        rules,
      ]);
    }
  });
});

describe('1 MiB', () => {
  const connector = (line: string) => `connector.class: x\n${line}`;
  const secret = '    secretreg-ignore: x\n    a: ${secret:a\n    connector.class: x\n';
  test.each([
    ['of comments', connector(''), () => '# secretreg-ignore literal-secret\n'],
    [
      'of comments that hide something',
      connector(''),
      (at: number) => `k${at}: \${secret:a # secretreg-ignore malformed-reference as it is\n`,
    ],
    [
      'of texts with comments, in one ConfigMap',
      'apiVersion: v1\nkind: ConfigMap\ndata:\n',
      (at: number) => `  k${at}: |\n    # secretreg-ignore missing-key as it is\n${secret}`,
    ],
    [
      'of scripts with comments, in one ConfigMap',
      'apiVersion: v1\nkind: ConfigMap\ndata:\n',
      (at: number) =>
        `  k${at}: |\n    # secretreg-ignore literal-secret as it is\n    curl -d '{"connector.class":"x","p":"\${secret:a"}' http://c\n`,
    ],
  ])('%s is judged in the time of reading it', async (_what, front, piece) => {
    let hostile = front;
    for (let at = 0; hostile.length < 2 ** 20; at += 1) hostile += piece(at);
    const begun = cpuTime();
    await validator({ inlineIgnores: true })({ file: 'x', text: hostile });
    expect(cpuTime() - begun).toBeLessThan(4000);
  });
});

test('what is joined to the word is not shown', async () => {
  const comments = [
    'hunter2',
    '-hunter2',
    ':hunter2',
    'hunter2 literal-secret',
    '-next-linehunter2',
  ];
  for (const joined of comments) {
    const file = `name: a\nconfig:\n  connector.class: x.Y\n  # secretreg-ignore${joined} it is meant\n  a: b\n`;
    const { diagnostics } = await validator({ inlineIgnores: true })({
      file: 'a.yaml',
      text: file,
    });
    const told = JSON.stringify(diagnostics);
    expect([joined, told.includes('unused-ignore'), told.includes('hunter2')]).toEqual([
      joined,
      true,
      false,
    ]);
  }
});
