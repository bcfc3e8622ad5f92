// Every planted error is found at exactly its place, and nothing else is reported. UPDATE_GOLDENS=1 rewrites the report;
// the labels are written by hand, and are what the report is compared with.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { Diagnostic, FileReport } from '../../src/validator/diagnostic.ts';
import { reports } from '../../src/validator/reports/index.ts';
import { plainStyle } from '../../src/validator/reports/report.ts';
import { rules } from '../../src/validator/rules/index.ts';
import { validate } from '../../src/validator/validate.ts';
import {
  corpusFiles,
  corpusFolder,
  corpusOptions,
  decoys,
  labels,
  placeOf,
  shapeOf,
  shapes,
  textOf,
} from './corpus.ts';

let files: FileReport[];
let found: Diagnostic[];

beforeAll(async () => {
  const inputs = corpusFiles.map((file) => ({ file, text: textOf(file), found: true }));
  files = await validate(inputs, corpusOptions());
  found = files.flatMap(({ diagnostics }) => diagnostics);
});

test('there are at least 400 files, and each shape has its own', () => {
  expect(corpusFiles.length).toBeGreaterThanOrEqual(400);
  expect(labels.filter(({ file }) => !corpusFiles.includes(file))).toEqual([]);
});

test('every rule that is labelled is there', () => {
  const known = new Set<string>(rules.map(({ id }) => id));
  expect([...new Set(labels.map(({ rule }) => rule))].filter((rule) => !known.has(rule))).toEqual(
    [],
  );
});

test('every planted error is found at exactly its place, and nothing else', () => {
  const wanted = new Set(labels.map((label) => keyOf(label.file, label.rule, placeOf(label))));
  const got = new Set(found.map((it) => keyOf(it.file, it.rule, it)));
  const missed = [...wanted].filter((key) => !got.has(key));
  const wrong = [...got].filter((key) => !wanted.has(key));
  const table = tableOf(wanted, got);
  expect({ missed, wrong }, `\n${table}\n`).toEqual({ missed: [], wrong: [] });
});

test('a finding names the connector in which it stands', () => {
  const named = new Map(found.map((it) => [keyOf(it.file, it.rule, it), it.connector]));
  const other = labels.filter(({ connector, ...label }) => {
    if (connector === undefined) return false;
    return named.get(keyOf(label.file, label.rule, placeOf(label))) !== connector;
  });
  expect(other).toEqual([]);
});

test('nothing is reported of what only resembles an error', () => {
  const hit = decoys.filter((decoy) => {
    const { start, end } = placeOf(decoy);
    return found.some((it) => it.file === decoy.file && it.start < end && it.end > start);
  });
  expect(hit).toEqual([]);
});

test('every shape holds every rule that it can hold', () => {
  const own = labels.filter(({ file }) => shapeOf(file) !== 'templates');
  const held = new Set(own.map(({ file, rule }) => `${shapeOf(file)} ${rule}`));
  const missing = shapes
    .filter((shape) => shape !== 'templates' && shape !== 'no-connectors')
    .flatMap((shape) =>
      [...new Set(own.map(({ rule }) => rule))]
        .map((rule) => `${shape} ${rule}`)
        .filter((pair) => !held.has(pair) && !CANNOT.has(pair)),
    );
  expect(missing).toEqual([]);
  expect([...CANNOT].filter((pair) => held.has(pair))).toEqual([]);
});

/** A name is needed by the format itself, or there is one place for it only; JSON has no comments. */
const CANNOT: ReadonlySet<string> = new Set([
  'expand-info missing-name',
  'properties name-mismatch',
  'flat-map name-mismatch',
  'ksqldb missing-name',
  'ksqldb name-mismatch',
  'terraform-confluent name-mismatch',
  'array unused-ignore',
  'expand-info unused-ignore',
  'flat-map unused-ignore',
  'rest unused-ignore',
  'terraform-json unused-ignore',
]);

test('the report of all files is the one that is kept', () => {
  const actual = reports.jsonl({ files, existenceChecked: true }, plainStyle);
  const file = join(corpusFolder, 'expected.jsonl');
  if (process.env['UPDATE_GOLDENS'] === '1') writeFileSync(file, actual);
  expect(actual).toBe(readFileSync(file, 'utf8'));
});

test('the report shows no planted secret', () => {
  const report = reports.text({ files, existenceChecked: true }, plainStyle);
  const shown = labels.filter(
    ({ rule, text }) => rule === 'literal-secret' && text.length > 8 && report.includes(text),
  );
  expect(shown).toEqual([]);
});

function keyOf(file: string, rule: string, { start, end }: { start: number; end: number }): string {
  return `${file} ${rule} ${start}-${end} ${JSON.stringify(textOf(file).slice(start, Math.min(end, start + 60)))}`;
}

/** `found/planted`, and `+n` for what should not have been reported. */
function tableOf(wanted: ReadonlySet<string>, got: ReadonlySet<string>): string {
  const ids = [...new Set([...wanted, ...got].map(ruleOf))].sort();
  const width = Math.max(...ids.map((id) => id.length));
  return shapes
    .flatMap((shape) => [
      shape,
      ...ids.flatMap((id) => {
        const isMeant = (key: string) => key.startsWith(`${shape}/`) && ruleOf(key) === id;
        const planted = [...wanted].filter(isMeant);
        const reported = [...got].filter(isMeant);
        const hits = planted.filter((key) => got.has(key)).length;
        const extra = reported.length - hits;
        if (planted.length === hits && extra === 0) return [];
        return [`  ${id.padEnd(width)} ${hits}/${planted.length}${extra > 0 ? ` +${extra}` : ''}`];
      }),
    ])
    .join('\n');
}

function ruleOf(key: string): string {
  return key.split(' ')[1] ?? '';
}
