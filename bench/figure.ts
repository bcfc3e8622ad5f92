// A figure: what was measured beside its floor, and the budget for their ratio (design: quality.md, "Budgets").
import { type Summary, summaryOf } from './measure.ts';

export interface Figure {
  name: string;
  floorName: string;
  /** Milliseconds, where there is none. */
  unit?: 'B';
  value: Summary;
  floor: Summary;
  /** Of the medians. */
  ratio: number;
  budget: number;
}

/** One figure to measure. `folder` is empty and is removed by the caller. */
export type Measure = (folder: string) => Figure[] | Promise<Figure[]>;

export interface Samples {
  name: string;
  samples: readonly number[];
}

export function figure(value: Samples, floor: Samples, budget: number): Figure {
  const own = summaryOf(value.samples);
  const bare = summaryOf(floor.samples);
  return {
    name: value.name,
    floorName: floor.name,
    value: own,
    floor: bare,
    ratio: own.median / bare.median,
    budget,
  };
}

export function isWithin({ ratio, budget }: Figure): boolean {
  return ratio <= budget;
}

/** The figures as a table in Markdown. */
export function tableOf(figures: readonly Figure[]): string {
  const rows = figures.map((one) => [
    one.name,
    measured(one.value.median, one.unit),
    one.floorName,
    measured(one.floor.median, one.unit),
    `${one.ratio.toFixed(2)}×`,
    `≤ ${one.budget.toFixed(2)}×`,
    isWithin(one) ? 'within' : 'OVER',
  ]);
  const head = ['what', 'median', 'floor', 'its median', 'ratio', 'budget', ''];
  const widths = head.map((name, i) =>
    Math.max(name.length, ...rows.map((row) => row[i]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |\n`;
  return [head, widths.map((width) => '-'.repeat(width)), ...rows].map(line).join('');
}

function measured(number: number, unit = 'ms'): string {
  return `${number < 10 ? number.toFixed(2) : number < 1000 ? number.toFixed(1) : number.toFixed(0)} ${unit}`;
}
