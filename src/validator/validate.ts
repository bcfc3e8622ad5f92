// Runs the rules over a file. Pure: files are read, and secrets looked up, by whoever calls.
import { mayHoldSub } from '../documents/cloudformation.ts';
import { OPENING, type SourceDocument } from '../documents/document.ts';
import { type Positions, positionsIn } from '../documents/position.ts';
import { readSource, type Source } from '../documents/read.ts';
import {
  type Connector,
  type Entry,
  isMeantAsConnector,
  type ShapeOptions,
} from '../documents/shapes.ts';
import { scanReferences } from '../domain/reference.ts';
import { type Add, checkConnector } from './check-connector.ts';
import type { FileReport, RuleId, Severity } from './diagnostic.ts';
import { type Describe, describer } from './describe.ts';
import type { Existence } from './existence.ts';
import { type AskFits, askFits, type Fits } from './fits.ts';
import { Ignores } from './ignores.ts';
import { KAFKA_PROVIDERS, type KnownProviders, knownProviders } from './provider-names.ts';
import type { ConnectorContext, DocumentContext } from './rule.ts';
import { type Project, projectFor } from './project.ts';
import { rules } from './rules/index.ts';
import { canFind, rulesOfRun, type RulesOfRun } from './rules-of-run.ts';
import { usesIn } from './uses.ts';
import type { WorkerVerdict } from './worker/verdict.ts';

export interface ValidateOptions {
  /** Is given the number of findings, ignored ones too, before they are described; may throw. */
  onFindings?: (count: number) => void;
  /** The worker's names for the secret registry; `secret` by default. */
  providerNames?: readonly string[];
  /** The worker's other providers; Kafka's `file`, `directory` and `env` by default. */
  knownProviders?: readonly string[];
  /** All that the worker has, where that is known: another one is an error. */
  workerProviders?: readonly string[];
  /** The path must be the connector's name with every provider. */
  allProviders?: boolean;
  /** A connector with references whose name is not known, as in a template, is an error. */
  needsNames?: boolean;
  /** Without it, whether secrets exist is not checked. */
  existence?: Existence;
  /** Without it, whether values fit where they are referred to is not checked. */
  askFits?: AskFits;
  /** RFC 3339 in UTC with milliseconds. Without it, whether secrets are due is not checked. */
  now?: string;
  /** What a worker says about the connectors of the file, by the JSON pointer of each. */
  verdicts?: ReadonlyMap<string, WorkerVerdict>;
  severities?: Partial<Record<RuleId, Severity | 'off'>>;
  /** Whether comments of a file may hide what is found in it. Not for commands that go on to use the secrets. */
  inlineIgnores?: boolean;
  /** Is given what each file refers to. */
  project?: Project;
}

export interface Input {
  /** As it is shown. */
  file: string;
  text: string;
  /** True where the file was not named but found in a folder: then it need not be one of a connector. */
  found?: boolean;
  /** For connectors that the file does not name. */
  connectorName?: string | undefined;
}

/** The reports of several files, in their order. */
export async function validate(
  inputs: Iterable<Input>,
  options: ValidateOptions = {},
): Promise<FileReport[]> {
  const project = projectFor(options);
  const check = validator({ ...options, ...(project && { project }) });
  const reports: FileReport[] = [];
  for (const input of inputs) reports.push(await check(input));
  return project === undefined ? reports : project.judge(reports);
}

/** The same for one file at a time, so that a caller need not hold all of them. */
export function validator(options: ValidateOptions = {}): (input: Input) => Promise<FileReport> {
  const providers = providersOf(options);
  const shape = shapeOptions(providers);
  const own = rulesOfRun(options);
  return async (input) => {
    const source = await readSource(input.text, shape);
    const { askFits: ask, existence } = options;
    const known = { providers, existence, connectorName: input.connectorName };
    const fits = ask && (await askFits(source.connectors, ask, known));
    return checkSource(source, input, { rules: own, providers, options, fits });
  };
}

/** What is the same for every connector of a file. */
interface Setup {
  rules: RulesOfRun;
  providers: KnownProviders;
  options: ValidateOptions;
  fits: Fits | undefined;
}

function checkSource(source: Source, input: Input, setup: Setup): FileReport {
  const { providers, options } = setup;
  const { documents, connectors } = source;
  const report: FileReport = {
    file: input.file,
    connectors: connectors.length,
    names: connectors.flatMap(({ name = input.connectorName }) => name ?? []),
    references: 0,
    diagnostics: [],
  };
  let made: Positions | undefined;
  const positions = () => (made ??= positionsIn(input.text));
  const ignores = new Ignores(options.inlineIgnores === true ? documents : [], positions);
  options.project?.take(usesIn(source, input, providers), (use) =>
    ignores.hides('shared-path', use),
  );
  if (!concerns(source, input, providers)) return report;
  let describe: Describe | undefined;
  const add: Add = (rule, found, context, entry) => {
    // The usual case.
    if (found.length === 0) return;
    // A rule that is off is still asked: the rules behind it do not judge a reference that it refuses.
    const given = options.severities?.[rule.id];
    if (given === 'off') return;
    options.onFindings?.(found.length);
    const findings = found.filter((one) => !ignores.hides(rule.id, one, context?.connector, entry));
    const ignored = (report.ignored ?? 0) + found.length - findings.length;
    if (ignored > 0) report.ignored = ignored;
    if (findings.length === 0) return;
    describe ??= describer(input, documents, positions(), providers);
    const pointer = entry?.pointer ?? context?.connector?.pointer;
    const own = pointer === undefined ? undefined : context?.document.openingAt?.(pointer);
    for (const finding of findings) {
      const severity = given ?? finding.severity ?? rule.severity;
      const about = {
        rule: rule.id,
        severity,
        connector: context?.name,
        setting: entry?.key,
        isEncoded: context?.document.isEncoded === true,
        opening: own ?? OPENING,
        length: textLength(context, entry),
      };
      const described = describe(finding, about);
      if (finding.fix !== undefined && described.fix === undefined) report.hasMoreFixes = true;
      report.diagnostics.push(described);
    }
  };
  for (const document of documents)
    for (const rule of setup.rules.document) {
      const context = { document, positions };
      add(rule, rule.check(context), context);
    }
  let holdsSub: boolean | undefined;
  const ofFile = {
    positions,
    mayHoldSub: () => (holdsSub ??= mayHoldSub(input.text)),
    name: input.connectorName,
  };
  for (const connector of connectors) {
    const context = connectorContext(connector, ofFile, setup);
    const isOfNoKnownName =
      context.name === undefined && connector.unknown?.name === true && !context.needsNames;
    checkConnector(context, setup.rules, add, ({ provider }) => {
      report.references += 1;
      if (isOfNoKnownName && providers.isOurs(provider))
        report.notCompared = (report.notCompared ?? 0) + 1;
    });
  }
  const sought = new Map<string, boolean>();
  const isSought = (id: string) => {
    const known = sought.get(id) ?? isSoughtIn(source, id, options);
    sought.set(id, known);
    return known;
  };
  for (const rule of setup.rules.ignore)
    for (const ignore of ignores.all) add(rule, rule.check({ ignore, ids: ruleIds, isSought }));
  report.diagnostics.sort((a, b) => a.start - b.start || a.end - b.end);
  return report;
}

/** How many code units are looked at to change a value: for a document inside another text, all of that text. */
function textLength(context?: DocumentContext, entry?: Entry): number {
  return context?.document.isInside === true
    ? context.document.text.length
    : (entry?.value?.length ?? 0);
}

/** How a flat map is recognised as the settings of a connector. */
export function shapeOptions(providers: KnownProviders): ShapeOptions {
  return {
    holdsReference: (text) =>
      text.includes('${') &&
      scanReferences(text).some(({ provider }) => providers.isOurs(provider)),
  };
}

/** The names with which `options` runs, for reports. */
export function providersOf(options: ValidateOptions): KnownProviders {
  return knownProviders(
    options.providerNames ?? ['secret'],
    options.knownProviders ?? KAFKA_PROVIDERS,
    options.workerProviders,
  );
}

/** A file that describes no connector is none of ours, but one that was named must at least be readable. */
export function concerns(
  { documents, connectors, isOfNoFormat }: Source,
  { file, text, found }: Input,
  providers: KnownProviders,
): boolean {
  // A text inside the file is a document only where it describes a connector, or was meant to.
  if (connectors.length > 0 || documents.length > 1) return true;
  if (documents.some(({ roots }) => roots.length > 0)) return false;
  if (found !== true) return true;
  // What is of no format is a text for people or a script, if its name does not say that it holds data; or it is a template
  // whose first line is a sign or a remark.
  const isToBeRead = !isOfNoFormat || NAME_OF_DATA.test(file) || documents.some(isTemplate);
  return isToBeRead && isMeantAsConnector(text, shapeOptions(providers));
}

/** A stray sign or line in front of such a text is a slip, behind which the rest would not be looked at. */
const NAME_OF_DATA = /\.(?:json|ya?ml|properties)$/i;

function isTemplate({ problems }: SourceDocument): boolean {
  return problems.some(({ kind }) => kind === 'template');
}

/** Whether a rule could find anything in this run. */
function isSoughtIn(
  { documents, connectors }: Source,
  id: string,
  options: ValidateOptions,
): boolean {
  const rule = rules.find((one) => one.id === id);
  if (rule === undefined || options.severities?.[rule.id] === 'off') return false;
  // What it finds depends on the other files too.
  if (rule.each === 'project') return false;
  // Nobody knows what stands behind the fault.
  if (documents.some(({ problems }) => problems.some(({ kind }) => kind === 'parse-error')))
    return false;
  if (rule.needs !== 'worker') return canFind(rule, options);
  return connectors.every(({ pointer }) => options.verdicts?.has(pointer) === true);
}

const ruleIds = rules.map(({ id }) => id);

function connectorContext(
  connector: Connector,
  ofFile: Pick<ConnectorContext, 'positions' | 'mayHoldSub' | 'name'>,
  { providers, options, fits }: Setup,
): ConnectorContext {
  return {
    ...ofFile,
    document: connector.document,
    connector,
    name: connector.name ?? ofFile.name,
    providers,
    existence: options.existence,
    fits,
    now: options.now,
    verdict: options.verdicts?.get(connector.pointer),
    allProviders: options.allProviders === true,
    needsNames: options.needsNames === true,
  };
}
