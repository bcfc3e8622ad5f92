import fc from 'fast-check';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { describe, expect, test } from 'vitest';
import { visible } from '../../../src/domain/visible.ts';
import { markdownReport } from '../../../src/validator/reports/markdown.ts';
import { code, prose } from '../../../src/validator/reports/markdown-text.ts';
import { plainStyle } from '../../../src/validator/reports/report.ts';
import { validate } from '../../../src/validator/validate.ts';
import { cases, connector } from './cases.ts';

type Root = ReturnType<typeof fromMarkdown>;
type Content = Root['children'][number];

const parse = (text: string) =>
  fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });

/** Every node below, in order. */
function nodesOf(node: Root | Content): Content[] {
  return 'children' in node ? node.children.flatMap((it) => [it, ...nodesOf(it)]) : [];
}

/** The rows of the one table, each cell as its nodes. */
function rowsOf(text: string): Content[][][] {
  const tables = parse(text).children.filter((it) => it.type === 'table');
  expect(tables).toHaveLength(1);
  return tables.flatMap(({ children }) =>
    children.slice(1).map((row) => row.children.map((cell) => [...cell.children])),
  );
}

function expectHarmless(report: string): void {
  for (const node of nodesOf(parse(report))) {
    expect(KNOWN).toContain(node.type);
    if (node.type === 'html') expect(node.value).toBe('<br>');
    // GitHub and GitLab look in text for @mentions, #issues, :emoji:, $math$ and what looks like a commit.
    if (node.type === 'text') expect(node.value).not.toMatch(/[@#$/\\<>&_*~`^|]|:\w|[0-9a-f]{7}/i);
  }
}

const KNOWN = [
  ...['heading', 'paragraph', 'text', 'inlineCode', 'html'],
  ...['table', 'tableRow', 'tableCell', 'list', 'listItem'],
];

test('a clean run says so in a sentence', async () => {
  expect(markdownReport(await cases.clean(), plainStyle)).toBe(
    '### secretreg validate\n\nno problems in 2 files (1 connector, 1 reference)\n',
  );
});

test.each(Object.entries(cases))('%s has nothing but text, code and a table', async (_, make) => {
  expectHarmless(markdownReport(await make(), plainStyle));
});

test('errors come first', async () => {
  const rows = rowsOf(markdownReport(await cases.severities(), plainStyle));
  const severities = rows.map((row) => row[0]?.map((it) => 'value' in it && it.value).join(''));
  expect(severities).toEqual(['error', 'error', 'error', 'warning', 'note']);
});

describe('whatever stands in a name', () => {
  const hostile = fc
    .string({
      unit: fc.oneof(
        fc.constantFrom(...'|\\`*_~<>[]()!@#$&;:/.-+= \t\n\r1aé'.split('')),
        fc.constantFrom('`` ', '\\|', '<br>', '&#124;', '@team', 'www.a.b', 'http://a.b', '| a |'),
        fc.string({ unit: 'binary', maxLength: 2 }),
      ),
      minLength: 1,
      maxLength: 14,
    })
    .filter((text) => text !== '');

  /** As the cell shows it. */
  const shown = (text: string) => visible(text).replaceAll('\\|', '\\\\u{7c}');

  test('it is code, whole', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const [cells] = rowsOf(`| a |\n|---|\n| ${code(text)} |`);
        const values = (cells ?? []).map((cell) => cell.map((it) => [it.type, it]));
        expect(values).toMatchObject([[['inlineCode', { value: shown(text) }]]]);
      }),
      { numRuns: 2000 },
    );
  });

  test('a sentence with it has the same words, and does nothing', () => {
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 1, maxLength: 3 }), (names) => {
        const sentence = `connector ${names.map((name) => `'${name}'`).join(' refers to ')}, and so`;
        const table = `| a |\n|---|\n| ${prose(sentence)} |`;
        expectHarmless(table);
        const [[cell = []] = []] = rowsOf(table);
        const words = cell.map((it) => ('value' in it ? it.value : '')).join('');
        expect(words.split(/\s+/)).toEqual(shown(sentence.replaceAll(/\s+/g, ' ')).split(/\s+/));
      }),
      { numRuns: 2000 },
    );
  });

  test('a report stays one table of as many rows as there are findings', async () => {
    await fc.assert(
      fc.asyncProperty(hostile, hostile, async (file, name) => {
        const files = await validate([{ file, text: connector(name, '${secret:orders:k}') }]);
        const report = markdownReport({ files, existenceChecked: true }, plainStyle);
        const found = files.flatMap(({ diagnostics }) => diagnostics);
        fc.pre(found.length > 0);
        expectHarmless(report);
        const rows = rowsOf(report);
        expect(rows.map((row) => row.length)).toEqual(found.map(() => 4));
      }),
      { numRuns: 500 },
    );
  });
});

test('a report that would be too long for a comment is cut, and says what is left out', async () => {
  const value = '${vault:a:k} '.repeat(400) + '${secret:payments:p}';
  const files = await validate([{ file: 'orders.json', text: connector('orders', value) }]);
  const report = markdownReport({ files, existenceChecked: true }, plainStyle);
  expect(report.length).toBeLessThan(65_536);
  const rows = rowsOf(report);
  expect(report).toContain(`… and ${401 - rows.length} more, which the other formats list.`);
  // The one error is not among what is left out.
  expect(report).toContain('| error |');
});
