import type { FileReport, Severity } from '../diagnostic.ts';
import type { ValueTally } from '../fits.ts';
import type { Base } from './location.ts';

export interface Report {
  files: readonly FileReport[];
  existenceChecked: boolean;
  /** Absent where no registry was asked about values. */
  values?: ValueTally;
  /** False where what exists was read without the key of the registry; absent where that is not known. */
  namesAuthenticated?: boolean;
  /** About how many connectors a worker was asked; absent where none was. */
  askedWorker?: number;
  /** Whether to tell how many of the findings --fix mends. */
  offersFix?: boolean;
  /** With any of them, the run is not whole. */
  faults?: readonly Fault[];
  /** The exit code of the process; absent for 0. */
  exitCode?: number;
  /** From which severity on a finding breaks the run: `error` where it is absent. */
  failOn?: 'error' | 'warning';
  /** Where other tools look files up. Absent: names are taken as they stand. */
  base?: Base;
}

/** What could not be read, or not be asked. */
export interface Fault {
  /** The file that it is about, if it is about one. */
  file?: string;
  message: string;
}

/** Colours for people; a report does not know whether there is a terminal. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
}

export const plainStyle: Style = {
  bold: (text) => text,
  dim: (text) => text,
  red: (text) => text,
  yellow: (text) => text,
  cyan: (text) => text,
};

export type Reporter = (report: Report, style: Style) => string;

/** True where a finding of this severity makes the run fail. */
export function breaks(severity: Severity, { failOn = 'error' }: Pick<Report, 'failOn'>): boolean {
  return severity === 'error' || severity === failOn;
}
