import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Ajv from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyEdits } from '../../../src/documents/edit.ts';
import { locationOf, uriOf } from '../../../src/validator/reports/location.ts';
import { plainStyle, type Report } from '../../../src/validator/reports/report.ts';
import { sarifReport } from '../../../src/validator/reports/sarif.ts';
import { rules } from '../../../src/validator/rules/index.ts';
import { version } from '../../../src/version.ts';
import { goldenReport, goldensFolder } from '../golden-report.ts';
import { cases, connector, FIXABLE } from './cases.ts';

const schema = readFileSync('fixtures/reports/schemas/sarif-2.1.0-rtm.5.json', 'utf8');
const ajv = new Ajv.default({ allErrors: true, strict: false, unicodeRegExp: false });
addFormats.default(ajv);
const isValid = ajv.compile(JSON.parse(schema) as object);

interface Region {
  startLine: number;
  startColumn: number;
  endLine: number;
  endColumn: number;
}
interface Log {
  runs: [
    {
      tool: {
        driver: { version: string; rules: { id: string; shortDescription: { text: string } }[] };
      };
      invocations: [
        {
          exitCode: number;
          executionSuccessful: boolean;
          toolExecutionNotifications: { message: { text: string } }[];
        },
      ];
      results: {
        ruleId: string;
        ruleIndex: number;
        message: { text: string };
        locations: [
          { physicalLocation: { artifactLocation: { uri: string; uriBaseId?: string } } },
        ];
        fixes?: {
          artifactChanges: {
            replacements: { deletedRegion: Region; insertedContent: { text: string } }[];
          }[];
        }[];
      }[];
    },
  ];
}

function valid(text: string): Log {
  const log: unknown = JSON.parse(text);
  isValid(log);
  expect(isValid.errors ?? []).toEqual([]);
  return log as Log;
}

const logOf = (report: Report) => valid(sarifReport(report, plainStyle));

test('the schema refuses what is no SARIF', () => {
  expect(isValid({ version: '2.1.0' })).toBe(false);
  expect(isValid({ version: '2.1.0', runs: [{ tool: { driver: {} } }] })).toBe(false);
});

test.each(Object.entries(cases))('%s is valid against the schema', async (_, make) => {
  logOf(await make());
});

test('so is what is said about each file of fixtures/validate/', async () => {
  for (const name of readdirSync(goldensFolder)) valid(await goldenReport(name, 'sarif'));
});

test('a result names its rule, of which there are all', async () => {
  const [run] = logOf(await cases.severities()).runs;
  const { driver } = run.tool;
  expect([driver.version, driver.rules.map(({ id }) => id)]).toEqual([
    version,
    rules.map(({ id }) => id),
  ]);
  for (const { ruleId, ruleIndex } of run.results) expect(driver.rules[ruleIndex]?.id).toBe(ruleId);
  for (const { shortDescription } of driver.rules)
    expect(shortDescription.text).toMatch(/^[A-Z][^]*[^.]\.$/);
});

test('a file that could not be read is told, and the run was not successful', async () => {
  const [invocation] = logOf(await cases.unreadable()).runs[0].invocations;
  expect([invocation.exitCode, invocation.executionSuccessful]).toEqual([3, false]);
  expect(invocation.toolExecutionNotifications.map(({ message }) => message.text)).toEqual([
    "'sub/a|b.json' cannot be read: it is not UTF-8 text",
    'http://connect:8083 cannot be reached: connection refused',
  ]);
});

test('the regions of a fix lead to the text that its edits lead to', async () => {
  const { files, ...rest } = await cases.severities();
  const report = { ...rest, files: files.filter(({ file }) => file.endsWith('fixable.json')) };
  const edits = report.files.flatMap(({ diagnostics }) =>
    diagnostics.flatMap(({ fix }) => fix?.edits ?? []),
  );
  expect(edits).toHaveLength(2);
  const [change] = logOf(report).runs[0].results.flatMap(({ fixes = [] }) =>
    fixes.flatMap(({ artifactChanges }) => artifactChanges),
  );
  // As a reader of SARIF does it: by the lines of the file and UTF-16 code units.
  const lines = FIXABLE.split('\r\n');
  for (const { deletedRegion, insertedContent } of change?.replacements ?? []) {
    const { startLine, startColumn, endLine, endColumn } = deletedRegion;
    expect(endLine).toBe(startLine);
    const line = lines[startLine - 1] ?? '';
    lines[startLine - 1] =
      line.slice(0, startColumn - 1) + insertedContent.text + line.slice(endColumn - 1);
  }
  expect(lines.join('\r\n')).toBe(applyEdits(FIXABLE, edits));
  expect(lines.join('\r\n')).not.toContain('secrets');
});

test('a name that looks like a link is none', async () => {
  const [result] = logOf({
    ...(await cases['odd-names']()),
    files: (await cases['odd-names']()).files.filter(({ file }) => file.startsWith('@')),
  }).runs[0].results;
  expect(result?.message.text).toContain('\\[link](http:x)');
});

describe('a URI', () => {
  const name = fc.string({ unit: 'binary', minLength: 1 }).filter(isName);

  test('leads back to the file, whatever that is called', () => {
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 3 }), (names) => {
        const path = names.join('/');
        const base = { folder: '/srv/a b', root: '/srv/a b' };
        const uri = uriOf(locationOf(path, base));
        expect(fileURLToPath(new URL(uri, 'file:///srv/a%20b/'))).toBe(`/srv/a b/${path}`);
        const outside = uriOf(locationOf(`/elsewhere/${path}`, base));
        expect(fileURLToPath(outside)).toBe(`/elsewhere/${path}`);
      }),
    );
  });

  test('begins at the root only where the file lies below it', async () => {
    const places = logOf(await cases.elsewhere()).runs[0].results.map(
      ({ locations: [{ physicalLocation }] }) => physicalLocation.artifactLocation,
    );
    expect(places).toEqual([
      { uri: 'connectors/orders.json', uriBaseId: '%SRCROOT%' },
      { uri: 'orders.json', uriBaseId: '%SRCROOT%' },
      { uri: 'file:///srv/other/a%20b.json' },
      { uri: 'http://connect:8083/connectors' },
    ]);
  });

  /** A part of a path that there can be: Node turns `\` round in file URLs on other systems only. */
  function isName(text: string): boolean {
    return !/[/\0]/.test(text) && text !== '.' && text !== '..' && text.isWellFormed();
  }
});

test('of a connector file there is no value in it', async () => {
  expect(sarifReport(await cases.severities(), plainStyle)).not.toContain('jdbc:postgresql');
  expect(connector('a', 'b')).toContain('"b"');
});
