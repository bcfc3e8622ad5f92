// What a rule found, as data: reports turn it into bytes, the command line into an exit code.

import type { Edit } from '../documents/edit.ts';
import type { Frame } from './frame.ts';

/** How standard input is called in the place of a file. */
export const STDIN = '<stdin>';

/** A note is shown, and fails no run. */
export type Severity = 'error' | 'warning' | 'note';

export type RuleId =
  | 'parse-error'
  | 'template'
  | 'duplicate-key'
  | 'missing-name'
  | 'name-mismatch'
  | 'missing-class'
  | 'malformed-reference'
  | 'unknown-provider'
  | 'path-is-not-connector'
  | 'missing-path'
  | 'missing-key'
  | 'deleted-version'
  | 'quoted-reference'
  | 'breaks-its-surroundings'
  | 'expired-secret'
  | 'rotation-due'
  | 'literal-secret'
  | 'masked-value'
  | 'exposed-reference'
  | 'misspelled-setting'
  | 'dangerous-setting'
  | 'not-ascii'
  | 'missing-plugin'
  | 'worker-refused'
  | 'worker-refused-dummy'
  | 'unused-ignore'
  | 'unused-secret'
  | 'shared-path';

/** What a rule hands back. Offsets are UTF-16 code units of the file's text, `end` is exclusive. */
export interface Finding {
  start: number;
  end: number;
  /** What, why, what would be right; no value of the file but names and references. */
  message: string;
  /** A command or text to paste. */
  hint?: string;
  /** Where it differs from the rule's own. */
  severity?: Severity;
  /** Where there is one right answer: what --fix does. */
  fix?: Fix;
  /** True where `start` … `end` is a name, which a report may show. */
  isName?: boolean;
}

export interface Fix {
  /** For people, in the imperative: `write 'password'`. */
  what: string;
  /** Edits of the text of the file. */
  edits: Edit[];
}

/** 1-based; columns count UTF-16 code units, the end is exclusive. */
export interface Region {
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
}

/** A finding with its rule and place. */
export interface Diagnostic extends Finding, Region {
  rule: RuleId;
  severity: Severity;
  file: string;
  fix?: PlacedFix;
  connector?: string;
  /** The name of the setting that it is about. */
  setting?: string;
  /** The line with a caret under the part; every value in it is hidden. Absent where the finding has no line to show. */
  frame?: Frame;
  /** Of a rule on the whole project: the secret or path by which the finding is recognised in a later run. */
  subject?: string;
}

/** With lines and columns, so that a report can tell what to change without the text. */
export interface PlacedFix extends Fix {
  edits: (Edit & Region)[];
}

/** One file after the rules. */
export interface FileReport {
  file: string;
  /** How many connectors it describes, and how many references of known providers they hold. */
  connectors: number;
  /** The names of those connectors that have one. */
  names: string[];
  references: number;
  /** Of how many references the path was compared with no name, since that of their connector is not known; absent for none. */
  notCompared?: number;
  /** How many findings comments of the file hide; absent for none. */
  ignored?: number;
  /** How many findings the baseline hides; absent for none. */
  known?: number;
  /** True where some fixes were left out, and wait for the next round of --fix. */
  hasMoreFixes?: true;
  diagnostics: Diagnostic[];
}
