// Listings: the same rows as aligned columns for a person, tab-separated text for a pipe, or JSON.
import type { JsonValue } from '../domain/canonical-json.ts';
import { escapedJson } from '../domain/escaped-json.ts';
import { visible } from '../domain/visible.ts';
import { type Io, print } from './io.ts';

export type Format = 'auto' | 'json' | 'jsonl' | 'table';

export interface Column<R> {
  /** The member's name in JSON: that of REST. */
  name: string;
  /** What stands over it for a person, where that is not its name. */
  heading?: string;
  value: (row: R) => string | number | undefined;
  /** How a person reads it, where that differs. */
  forPerson?: (row: R) => string;
  /** What stands in JSON, where that differs; undefined for what stands in another member. */
  json?: (row: R) => JsonValue | undefined;
}

export async function printRows<R>(
  io: Io,
  format: Format,
  columns: readonly Column<R>[],
  rows: readonly R[],
): Promise<void> {
  const objects = () => rows.map((row) => asObject(columns, row));
  if (format === 'json') return print(io, `${escapedJson(objects(), 2)}\n`);
  if (format === 'jsonl')
    return print(
      io,
      objects()
        .map((one) => `${escapedJson(one)}\n`)
        .join(''),
    );
  if (format === 'table' || io.stdout.isTTY) return print(io, await table(io, columns, rows));
  await print(io, rows.map((row) => line(columns, row)).join(''));
}

/** A row that is no list: in JSON an object, as REST answers. */
export async function printRow<R>(
  io: Io,
  format: Format,
  columns: readonly Column<R>[],
  row: R,
): Promise<void> {
  if (format === 'json') return print(io, `${escapedJson(asObject(columns, row), 2)}\n`);
  await printRows(io, format, columns, [row]);
}

/** A time: `3 days ago` for a person. */
export function timeColumn<R>(
  io: Io,
  named: Pick<Column<R>, 'name' | 'heading'>,
  time: (row: R) => string | undefined,
): Column<R> {
  const now = io.clock();
  const forPerson = (row: R) => {
    const at = time(row);
    return at === undefined ? '' : ago(at, now);
  };
  return { ...named, value: time, forPerson };
}

/** A row as a pipe gets it: separated by tabs, times in full. */
export function line<R>(columns: readonly Column<R>[], row: R): string {
  return `${columns.map((column) => cell(column.value(row))).join('\t')}\n`;
}

function cell(value: string | number | undefined): string {
  return visible(String(value ?? ''));
}

/** `3 days ago`. */
export function ago(time: string, now: Date): string {
  const seconds = (Date.parse(time) - now.getTime()) / 1000;
  if (Number.isNaN(seconds)) return time;
  const format = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  const steps: [Intl.RelativeTimeFormatUnit, number][] = [
    ['year', 31_557_600],
    ['month', 2_629_800],
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
  ];
  for (const [unit, length] of steps) {
    if (Math.abs(seconds) >= length) return format.format(Math.round(seconds / length), unit);
  }
  return 'just now';
}

function asObject<R>(columns: readonly Column<R>[], row: R): Record<string, JsonValue | undefined> {
  return Object.fromEntries(columns.map(({ name, value, json = value }) => [name, json(row)]));
}

async function table<R>(
  io: Io,
  columns: readonly Column<R>[],
  rows: readonly R[],
): Promise<string> {
  const { default: width } = await import('fast-string-width');
  const cells = rows.map((row) =>
    columns.map((column) =>
      column.forPerson ? visible(column.forPerson(row)) : cell(column.value(row)),
    ),
  );
  const headings = columns.map(({ name, heading = name }) => heading.toUpperCase());
  const widths = headings.map((heading, i) =>
    Math.max(heading.length, ...cells.map((line) => width(line[i] ?? ''))),
  );
  const aligned = (texts: readonly string[]) =>
    texts
      .map((text, i) => text + ' '.repeat(Math.max(0, (widths[i] ?? 0) - width(text))))
      .join('  ')
      .trimEnd();
  const head = io.style.bold(aligned(headings));
  return [head, ...cells.map(aligned)].map((text) => `${text}\n`).join('');
}
