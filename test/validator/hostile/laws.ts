// What holds of every file, whatever is in it.
import { readSource, type Source } from '../../../src/documents/read.ts';
import { SecretValue } from '../../../src/domain/secret-value.ts';
import { SecretregError } from '../../../src/errors.ts';
import { resolveDocument } from '../../../src/resolver/resolve.ts';
import type { Diagnostic, FileReport, Region } from '../../../src/validator/diagnostic.ts';
import { shownDiff } from '../../../src/validator/diff.ts';
import { existenceIn } from '../../../src/validator/existence.ts';
import { externalize } from '../../../src/validator/externalize.ts';
import { mend } from '../../../src/validator/mend.ts';
import { type ReportFormat, reportFormats, reports } from '../../../src/validator/reports/index.ts';
import { plainStyle } from '../../../src/validator/reports/report.ts';
import {
  providersOf,
  shapeOptions,
  type ValidateOptions,
  validator,
} from '../../../src/validator/validate.ts';
import { CANARY } from './seeds.ts';

const OPTIONS: ValidateOptions = {
  inlineIgnores: true,
  now: '2026-11-01T00:00:00.000Z',
  existence: existenceIn(
    new Map([['orders', new Map([['password', { state: 'enabled', version: 3 } as const]])]]),
  ),
};
const check = validator(OPTIONS);
const shape = shapeOptions(providersOf(OPTIONS));

export interface Broken {
  law: string;
  what: string;
}

export interface Looked {
  broken: Broken[];
  findings: number;
  fixed: number;
  isResolved: boolean;
  isExternalized: boolean;
  /** True where a credential has become a name, so that it may be shown. */
  isNamed: boolean;
}

/** What is not as it should be; never throws. */
export async function lookAt(file: string, text: string): Promise<Looked> {
  const broken: Broken[] = [];
  const looked = { broken, findings: 0, fixed: 0, isResolved: false, isExternalized: false };
  const asked = async (law: string, ask: () => Promise<void>) => {
    try {
      await ask();
    } catch (error) {
      const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
      broken.push({ law, what: what.slice(0, 600) });
    }
  };
  const break_ = (law: string, what: string) => void broken.push({ law, what: what.slice(0, 600) });
  const shown: string[] = [];
  let source: Source | undefined;
  await asked('validate', async () => {
    source = await readSource(text, shape);
    const { before, report, fixed, text: after } = await mend({ file, text }, check);
    looked.findings = before.diagnostics.length;
    looked.fixed = fixed;
    for (const one of before.diagnostics)
      for (const what of misplaced(text, one)) break_('place', what);
    for (const [format, made] of reportsOf(before)) {
      shown.push(made);
      for (const what of unreadable(format, made)) break_(format, what);
    }
    if (report.diagnostics.some(({ fix }) => fix !== undefined)) break_('fix', 'a fix is left');
    if (fixed === 0) return;
    for (const [, made] of reportsOf(report)) shown.push(made);
    shown.push(JSON.stringify(await shownDiff(text, after, OPTIONS)));
  });
  await asked('resolve', async () => {
    looked.isResolved = source !== undefined && (await resolves(text, source, break_));
  });
  await asked('externalize', async () => {
    looked.isExternalized = await externalizes(file, text, shown, break_);
  });
  const isNamed = source !== undefined && mayBeNamed(text, source);
  if (!isNamed) for (const leak of leaksIn(shown.join('\n'))) break_('leak', leak);
  return { ...looked, isNamed };
}

function reportsOf(report: FileReport): [ReportFormat, string][] {
  const whole = { files: [report], existenceChecked: true };
  return reportFormats.map((format) => [format, reports[format](whole, plainStyle)]);
}

/** Counted in another way than src/documents/position.ts does it. */
function misplaced(text: string, { start, end, fix, rule, ...region }: Diagnostic): string[] {
  const own = placeFaults(text, { start, end }, region);
  const edits = (fix?.edits ?? []).flatMap((edit) =>
    placeFaults(text, { start: edit.offset, end: edit.offset + edit.length }, edit),
  );
  return [...own, ...edits].map((what) => `${rule}: ${what}`);
}

function placeFaults(
  text: string,
  place: { start: number; end: number },
  region: Region,
): string[] {
  const { start, end } = place;
  if (!(start >= 0 && start <= end && end <= text.length))
    return [`${start} to ${end} of ${text.length}`];
  const told = `${region.line}:${region.column}-${region.endLine}:${region.endColumn}`;
  const meant = `${lineAndColumn(text, start)}-${lineAndColumn(text, end)}`;
  return told === meant ? [] : [`${told} instead of ${meant}`];
}

function lineAndColumn(text: string, offset: number): string {
  const body = text.startsWith('\uFEFF') ? 1 : 0;
  let [line, begin] = [1, body];
  for (let at = 0; at < text.length; at += 1) {
    const isBreak = text[at] === '\n' || (text[at] === '\r' && text[at + 1] !== '\n');
    if (!isBreak || at + 1 > offset) continue;
    line += 1;
    begin = at + 1;
  }
  return `${line}:${Math.max(0, offset - begin) + 1}`;
}

function unreadable(format: ReportFormat, made: string): string[] {
  if (!made.isWellFormed()) return ['half of a surrogate pair'];
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/.test(made)) return ['a control character'];
  try {
    if (format === 'json' || format === 'sarif' || format === 'gitlab') JSON.parse(made);
    if (format === 'jsonl') for (const line of made.split('\n')) if (line !== '') JSON.parse(line);
  } catch (error) {
    return [String(error)];
  }
  return [];
}

type Break = (law: string, what: string) => void;

/** Would stand out in any format that lost it. */
const VALUE = 'p"a\\s\'s: {w}#o r$d';

/** What is not refused is whole: every setting is what Kafka would make of it, and nothing else has changed. */
async function resolves(text: string, source: Source, break_: Break): Promise<boolean> {
  const { text: resolved, replaced } = await resolvedText(text, source);
  if (resolved === undefined || replaced === 0) return false;
  // A flat map may be one of a connector for its references only.
  const after = await readSource(resolved.reveal(), {
    holdsReference: (value) => value.includes(VALUE) || shape.holdsReference(value),
  });
  // With a value of several lines put on one, flat YAML may look like a properties file with colons.
  const [was, is] = [source, after].map(({ documents }) => documents[0]?.format);
  if (was === 'yaml' && is === 'properties') return true;
  // Where a script lacks a quote, no shell runs it, and what is written may stand in place of the quote.
  const isScript = was === 'shell' || (was === 'yaml' && COMMAND.test(text));
  if (isScript && after.connectors.length !== source.connectors.length) return true;
  const found = new Map(after.connectors.map((connector) => [connector.pointer, connector]));
  for (const { pointer, entries } of source.connectors) {
    const now = found.get(pointer)?.entries;
    // Without a class, a text inside of another one may be a connector's for its references only.
    if (now === undefined && !entries.some(({ key }) => key === 'connector.class')) continue;
    const wrong = entries.find(({ value }, at) => !isOf(value, now?.[at]?.value));
    if (wrong !== undefined) break_('resolve', `${wrong.key} is not what it was`);
    if (now?.length !== entries.length) break_('resolve', 'settings came or went');
  }
  return true;
}

/** Of a container, a pipeline, a task or a ConfigMap: a script in YAML. */
const COMMAND =
  /^[ \t-]*(?:[\w.-]+\.sh|command|args|entrypoint|run|script|shell|ansible\.builtin\.shell):/m;

/** Whether one can have come of the other: what stands in front of the first reference stays. */
function isOf(before: string | null, after: string | null | undefined): boolean {
  if (before === null || after === null || after === undefined) return before === after;
  return after.startsWith(before.split('${secret:', 1)[0] ?? '');
}

/** As Kafka does it, where the strict rules refuse. */
async function resolvedText(text: string, { connectors }: Source) {
  const get = async (_path: string, keys: ReadonlySet<string>) => ({
    values: new Map([...keys].map((key) => [key, SecretValue.of(VALUE)])),
  });
  const providers = new Map([['secret', { get }]]);
  const options = { otherProviders: ['file', 'env', 'directory'] };
  const strict = await resolveDocument(text, connectors, providers, options);
  return strict.text === undefined
    ? resolveDocument(text, connectors, providers, { ...options, kafka: true })
    : strict;
}

/** Refuses with a sentence, or moves all of it. */
async function externalizes(
  file: string,
  text: string,
  shown: string[],
  break_: Break,
): Promise<boolean> {
  const options = { provider: 'secret', keys: new Map(), connectorName: 'given' };
  try {
    const { text: after, secrets } = await externalize({ file, text }, options);
    if (secrets.length === 0) return false;
    shown.push(JSON.stringify(await shownDiff(text, after, OPTIONS)));
    const again = await externalize({ file, text: after }, options);
    if (again.secrets.length > 0) break_('externalize', `${again.secrets.length} are left`);
    return true;
  } catch (error) {
    if (!(error instanceof SecretregError) || error.code === 'ours') throw error;
    shown.push(error.message, error.hint ?? '');
    return false;
  }
}

/**
 * A report shows names. A credential is one where the damage has made it one: a member's name of what was read, the name of
 * the connector, a part of a reference, or what a sign that ends a name stands behind.
 */
function mayBeNamed(text: string, { documents, connectors }: Source): boolean {
  const whole = `${text}\n${encodedIn(text)}`;
  const pieces = leaksIn(whole);
  if (pieces.length === 0) return false;
  const names = new Set<string>();
  for (const { roots } of documents) for (const { value } of roots) addNames(names, value);
  for (const { names: own } of connectors) for (const name of own) names.add(name.text);
  const all = [...names].join('\n');
  return pieces.some((piece) => all.includes(piece)) || IN_NAME.test(whole);
}

/** What stands in base64, as in a Secret. */
function encodedIn(text: string): string {
  const encoded = text.match(/[\w+/]{40,}/g) ?? [];
  return encoded.map((one) => Buffer.from(one, 'base64').toString()).join('\n');
}

const PIECE = pieces().join('|');
const IN_NAME = new RegExp(
  `(?:${PIECE})[\\w.-]*\\\\*["']?\\s*[:=]|\\$\\{[^}:]*: {0,3}(?:[\\w./*\\\\-]* {0,3}\\\\?: {0,3})?(?![-=+? ])[\\w./*\\\\-]*(?:${PIECE})`,
);

function addNames(names: Set<string>, value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    if (!Array.isArray(value)) names.add(name);
    addNames(names, inner);
  }
}

function pieces(): string[] {
  return Array.from({ length: CANARY.length - 5 }, (_, at) => CANARY.slice(at, at + 6));
}

function leaksIn(text: string): string[] {
  return pieces().filter((piece) => text.includes(piece));
}
