// What a scanner finds of the secrets that the labelled corpus holds. Counted by lines, for that is what all of them report:
// a secret is found where something is reported on one of its lines, an alarm is false where no secret stands on its lines.
import { positionsIn } from '../src/documents/position.ts';
import { validate } from '../src/validator/validate.ts';
import { corpusFiles, corpusOptions, labels, placeOf, textOf } from '../test/validator/corpus.ts';

/** Lines, 1-based, of a file below `fixtures/corpus/files/`. */
export interface Lines {
  file: string;
  from: number;
  to: number;
}

export interface Score {
  found: number;
  alarms: number;
  falseAlarms: number;
  /** Of the alarms, those that are right. */
  precision: number;
  /** Of the secrets, those that are found. */
  recall: number;
  /** How many secrets of each kind are found. */
  byKind: Record<string, number>;
}

export interface Comparison {
  files: number;
  secrets: number;
  byKind: Record<string, number>;
  scanners: ReadonlyArray<Score & { name: string; version: string }>;
}

interface Secret extends Lines {
  kind: string;
}

const secrets: readonly Secret[] = labels
  .filter(({ rule }) => rule === 'literal-secret')
  .map((label) => {
    const positions = positionsIn(textOf(label.file));
    const { start, end } = placeOf(label);
    return {
      file: label.file,
      from: positions.at(start).line,
      to: positions.at(end - 1).line,
      kind: label.kind ?? 'other',
    };
  });

const kinds = [...new Set(secrets.map(({ kind }) => kind))].sort();

export function comparisonOf(scanners: Comparison['scanners']): Comparison {
  return {
    files: corpusFiles.length,
    secrets: secrets.length,
    byKind: countByKind(secrets),
    scanners,
  };
}

/** What the rule reports, without a registry. */
export async function ownLines(): Promise<Lines[]> {
  const { existence: _, ...options } = corpusOptions();
  const inputs = corpusFiles.map((file) => ({ file, text: textOf(file), found: true }));
  const reports = await validate(inputs, options);
  return reports
    .flatMap(({ diagnostics }) => diagnostics)
    .filter(({ rule }) => rule === 'literal-secret')
    .map(({ file, line, endLine }) => ({ file, from: line, to: endLine }));
}

export function scoreOf(reported: readonly Lines[]): Score {
  const found = secrets.filter((secret) => reported.some((it) => overlap(it, secret)));
  // What is reported twice of the same lines is one alarm.
  const alarms = [
    ...new Map(reported.map((it) => [`${it.file}:${it.from}-${it.to}`, it])).values(),
  ];
  const right = alarms.filter((it) => secrets.some((secret) => overlap(it, secret)));
  return {
    found: found.length,
    alarms: alarms.length,
    falseAlarms: alarms.length - right.length,
    precision: ratio(right.length, alarms.length),
    recall: ratio(found.length, secrets.length),
    byKind: countByKind(found),
  };
}

/** In Markdown. */
export function comparisonTable({ files, secrets: count, byKind, scanners }: Comparison): string {
  const row = (what: string, cell: (score: Score) => string) => [what, ...scanners.map(cell)];
  const heads = [
    `${count} secrets in ${files} files`,
    ...scanners.map(({ name, version }) => `${name} ${version}`),
  ];
  const rows = [
    heads,
    heads.map(() => '---'),
    row('found (recall)', ({ found, recall }) => `${found} (${percent(recall)})`),
    row('alarms, of them false', ({ alarms, falseAlarms }) => `${alarms}, ${falseAlarms}`),
    row('precision', ({ precision }) => percent(precision)),
    ...Object.entries(byKind).map(([kind, all]) =>
      row(`${kind}, of ${all}`, (score) => String(score.byKind[kind] ?? 0)),
    ),
  ];
  return rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function countByKind(some: readonly Secret[]): Record<string, number> {
  return Object.fromEntries(
    kinds.map((kind) => [kind, some.filter((secret) => secret.kind === kind).length]),
  );
}

function overlap(a: Lines, b: Lines): boolean {
  return a.file === b.file && a.from <= b.to && a.to >= b.from;
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : Number((part / whole).toFixed(4));
}

function percent(part: number): string {
  return `${(part * 100).toFixed(1)} %`;
}
