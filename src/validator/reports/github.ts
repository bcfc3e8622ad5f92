// Workflow commands of GitHub Actions, one a finding, which become annotations. The runner reads them from stdout as
// `::error file=…,line=…::message` (docs.github.com, "Workflow commands"; ActionCommand.cs of actions/runner): in a message it
// undoes %25, %0D and %0A, in a property %3A and %2C too. What else would steer a terminal is shown as an escape.
import { visible } from '../../domain/visible.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { type Base, locationOf } from './location.ts';
import type { Reporter } from './report.ts';

export const githubReport: Reporter = ({ files, faults = [], base }) => {
  const findings = files
    .flatMap(({ diagnostics }) => diagnostics)
    .map((it) => command(COMMANDS[it.severity], placeOf(it, base), textOf(it)));
  const broken = faults.map(({ file, message }) =>
    command('error', file === undefined ? {} : { file: locationOf(file, base).path }, [message]),
  );
  return [...findings, ...broken].map((line) => `${line}\n`).join('');
};

const COMMANDS = { error: 'error', warning: 'warning', note: 'notice' } as const;

/** The runner drops columns of what goes over several lines. Its `endColumn` is that of the last character. */
function placeOf(it: Diagnostic, base: Base | undefined): Record<string, string | number> {
  const { line, endLine, column, endColumn, rule } = it;
  const { path: file } = locationOf(it.file, base);
  const columns =
    line === endLine ? { col: column, endColumn: Math.max(column, endColumn - 1) } : {};
  return { file, line, endLine, ...columns, title: rule };
}

function textOf({ message, hint }: Diagnostic): string[] {
  return hint === undefined ? [message] : [message, `hint: ${hint}`];
}

function command(
  name: string,
  properties: Record<string, string | number>,
  lines: readonly string[],
): string {
  const given = Object.entries(properties).map(([key, value]) => `${key}=${property(value)}`);
  const head = given.length === 0 ? name : `${name} ${given.join(',')}`;
  return `::${head}::${lines.map((line) => data(visible(line))).join('%0A')}`;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** A file name may hold a line break, and the runner has to get it back as it is. */
function property(value: string | number): string {
  const text = String(value).replace(/[^\r\n]+/g, visible);
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
