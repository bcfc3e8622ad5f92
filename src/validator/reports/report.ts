import type { FileReport } from '../diagnostic.ts';

export interface Report {
  files: readonly FileReport[];
  existenceChecked: boolean;
  /** About how many connectors a worker was asked; absent where none was. */
  askedWorker?: number;
  /** Whether to tell how many of the findings --fix mends. */
  offersFix?: boolean;
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
