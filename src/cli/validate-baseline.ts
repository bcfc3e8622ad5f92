// `validate --baseline FILE` and `--write-baseline FILE`: names of files in a baseline are relative to its folder, so that it
// is the same from any working folder.
import { existsSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { count } from '../domain/count.ts';
import { shellWord } from '../domain/shell-word.ts';
import { SecretregError } from '../errors.ts';
import {
  type BaselineEntry,
  baselineText,
  entriesOf,
  parseBaseline,
  withoutKnown,
} from '../validator/baseline.ts';
import { type FileReport, STDIN } from '../validator/diagnostic.ts';
import type { Rule } from '../validator/rule.ts';
import { rules } from '../validator/rules/index.ts';
import { hint, type Io, note } from './io.ts';
import { replaceFile, writePublicFile } from './output-file.ts';
import { readTextFile } from './text-file.ts';
import type { Severities } from './validate-settings.ts';

export interface BaselineFlags {
  baseline?: string;
  writeBaseline?: string;
}

/** What a run could find: of other findings nobody knows whether they are still there. */
export interface Sought extends Record<NonNullable<Rule['needs']>, boolean> {
  severities: Severities;
}

export class BaselineFile {
  readonly #io: Io;
  readonly #file: string;
  readonly #isToWrite: boolean;
  /** Its text as it was read; undefined where there is none yet. */
  readonly #text: string | undefined;
  readonly #entries: readonly BaselineEntry[];
  #known: ReadonlySet<string>;
  /** The files that were looked at, by their names in the baseline; of an unreadable one nobody knows what is in it. */
  readonly #lookedAt = new Set<string>();
  readonly #unreadable = new Set<string>();

  private constructor(io: Io, file: string, isToWrite: boolean) {
    this.#io = io;
    this.#file = file;
    this.#isToWrite = isToWrite;
    this.#text = textOf(this.#place, file, isToWrite);
    const entries = this.#text === undefined ? [] : entriesIn(this.#text, file);
    this.#entries = entries;
    // A baseline that is to be written hides nothing until then.
    this.#known = new Set(isToWrite ? [] : entries.map(({ fingerprint }) => fingerprint));
  }

  /** undefined where neither a flag nor `ofProject` names one. Fails with wrong-use, file-unreadable and settings-invalid. */
  static of(
    io: Io,
    { baseline, writeBaseline }: BaselineFlags,
    ofProject: string | undefined,
  ): BaselineFile | undefined {
    if (baseline !== undefined && writeBaseline !== undefined)
      throw new SecretregError('wrong-use', {
        reason: '--baseline reads a baseline and --write-baseline makes one: one of the two',
      });
    const file = writeBaseline ?? baseline ?? ofProject;
    if (file === undefined) return undefined;
    return new BaselineFile(io, file, writeBaseline !== undefined);
  }

  /** The report without known findings. May be called several times for one file. */
  hide(report: FileReport): FileReport {
    return withoutKnown(report, this.#nameOf(report.file), this.#known);
  }

  /** The reports of a run without known findings. Writes the baseline, or tells how many of its findings are gone. */
  applied(reports: readonly FileReport[], sought: Sought): FileReport[] {
    const found = reports.flatMap((report) => {
      const name = this.#nameOf(report.file);
      const isRead = report.diagnostics.every(({ rule }) => rule !== 'parse-error');
      (isRead ? this.#lookedAt : this.#unreadable).add(name);
      return entriesOf(report, name);
    });
    const isFound = new Set(found.map(({ fingerprint }) => fingerprint));
    const rest = this.#entries.filter(({ fingerprint }) => !isFound.has(fingerprint));
    const gone = rest.filter((entry) => this.#isLookedFor(entry, sought));
    if (this.#isToWrite) this.#write([...found, ...rest.filter((entry) => !gone.includes(entry))]);
    else if (gone.length > 0) this.#tellOf(gone.length);
    return reports.map((report) => this.hide(report));
  }

  #tellOf(gone: number): void {
    const all = count(this.#entries.length, 'finding');
    note(
      this.#io,
      `${gone} of ${all} in ${this.#file} ${gone === 1 ? 'is' : 'are'} no longer there`,
    );
    const command = `secretreg validate --write-baseline ${shellWord(this.#file)}`;
    hint(this.#io, `${command}    (with the same files)`);
  }

  #write(entries: readonly BaselineEntry[]): void {
    const text = baselineText(entries);
    if (this.#text === undefined) writePublicFile(this.#place, text);
    else if (text !== this.#text) replaceFile(this.#place, this.#text, text);
    this.#known = new Set(entries.map(({ fingerprint }) => fingerprint));
    note(this.#io, `wrote ${count(entries.length, 'finding')} to ${this.#file}`);
  }

  /** Whether this run would have found an entry, were it still there. */
  #isLookedFor({ file, rule }: BaselineEntry, sought: Sought): boolean {
    if (this.#unreadable.has(file)) return false;
    if (!this.#lookedAt.has(file))
      return !isElsewhere(file) && !existsSync(resolve(this.#folder, file));
    const known = rules.find(({ id }) => id === rule);
    if (known === undefined) return true;
    if ((sought.severities[known.id] ?? known.severity) === 'off') return false;
    return known.needs === undefined || sought[known.needs];
  }

  get #place(): string {
    return resolve(this.#io.cwd, this.#file);
  }

  get #folder(): string {
    return dirname(this.#place);
  }

  #nameOf(file: string): string {
    if (isElsewhere(file)) return file;
    return relative(this.#folder, resolve(this.#io.cwd, file)).replaceAll(sep, '/');
  }
}

/** What comes from stdin, a worker or a registry has a name that is no path. */
function isElsewhere(file: string): boolean {
  return file === STDIN || file.includes('://');
}

/** undefined where there is none yet, and one is to be written. */
function textOf(place: string, file: string, isToWrite: boolean): string | undefined {
  if (existsSync(place)) return readTextFile(place);
  if (isToWrite) return undefined;
  const reason = 'there is no such file or folder';
  const command = `secretreg validate --write-baseline ${shellWord(file)}`;
  throw new SecretregError(
    'file-unreadable',
    { file, reason },
    { hint: `${command}    (makes one of what is found now)` },
  );
}

function entriesIn(text: string, file: string): BaselineEntry[] {
  const entries = parseBaseline(text);
  if (entries !== undefined) return entries;
  const reason = 'it is no baseline as validate --write-baseline makes them';
  throw new SecretregError('settings-invalid', { place: file, reason });
}
