// Runs the rules over a file. Pure: files are read, and secrets looked up, by whoever calls.
import { type JsonDocument, parseJson } from '../documents/json.ts';
import { type Positions, positionsIn } from '../documents/position.ts';
import {
  type Connector,
  connectorsIn,
  type Entry,
  mentionsConnector,
  type ShapeOptions,
} from '../documents/shapes.ts';
import { mayHoldReference } from '../domain/reference-fault.ts';
import { scanReferences } from '../domain/reference.ts';
import type { Diagnostic, FileReport, Finding, RuleId, Severity } from './diagnostic.ts';
import type { Existence } from './existence.ts';
import { KAFKA_PROVIDERS, type KnownProviders, knownProviders } from './provider-names.ts';
import type { ConnectorContext, DocumentContext, Rule } from './rule.ts';
import { rules } from './rules/index.ts';
import type { WorkerVerdict } from './worker/verdict.ts';

export interface ValidateOptions {
  /** Is told how many were found, before more is made of them; may throw. */
  onFindings?: (count: number) => void;
  /** The worker's names for the secret registry; `secret` by default. */
  providerNames?: readonly string[];
  /** The worker's other providers; Kafka's `file`, `directory` and `env` by default. */
  knownProviders?: readonly string[];
  /** All that the worker has, where that is known: another one is an error. */
  workerProviders?: readonly string[];
  /** The path must be the connector's name with every provider. */
  allProviders?: boolean;
  /** For connectors that the file does not name. */
  connectorName?: string;
  /** Without it, whether secrets exist is not checked. */
  existence?: Existence;
  /** What a worker says about the connectors of the file, by the JSON pointer of each. */
  verdicts?: ReadonlyMap<string, WorkerVerdict>;
  severities?: Partial<Record<RuleId, Severity | 'off'>>;
}

export interface Input {
  /** As it is shown. */
  file: string;
  text: string;
  /** True where the file was not named but found in a folder: then it need not be one of a connector. */
  found?: boolean;
}

/** The reports of several files, in their order. */
export function validate(inputs: Iterable<Input>, options: ValidateOptions = {}): FileReport[] {
  const check = validator(options);
  return Array.from(inputs, check);
}

/** The same for one file at a time, so that a caller need not hold all of them. */
export function validator(options: ValidateOptions = {}): (input: Input) => FileReport {
  const providers = providersOf(options);
  const shape = shapeOptions(providers);
  return (input) => {
    const document = parseJson(input.text);
    const connectors = connectorsIn(document.value, shape);
    const report: FileReport = {
      file: input.file,
      text: input.text,
      connectors: connectors.length,
      references: 0,
      diagnostics: [],
    };
    if (!concerns(document, connectors, input)) return report;
    let positions: Positions | undefined;
    const context = { document, positions: () => (positions ??= positionsIn(input.text)) };
    const add = (rule: Rule, findings: readonly Finding[], connector?: string) => {
      // A rule that is off still looks: a reference that it refuses is not for the rules behind it.
      if (options.severities?.[rule.id] === 'off') return;
      options.onFindings?.(findings.length);
      for (const finding of findings) {
        report.diagnostics.push(
          diagnosticOf(rule, finding, input.file, context.positions(), options, connector),
        );
      }
    };
    for (const rule of rules) if (rule.each === 'document') add(rule, rule.check(context));
    for (const connector of connectors) {
      report.references += checkConnector(
        connectorContext(context, connector, providers, options),
        add,
      );
    }
    report.diagnostics.sort((a, b) => a.start - b.start || a.end - b.end);
    return report;
  };
}

/** By what a flat map is told to be a connector's. */
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

/** A file that describes no connector is none of ours, but one that was named must at least be JSON. */
function concerns(
  { text, value }: JsonDocument,
  connectors: readonly Connector[],
  { found }: Input,
): boolean {
  if (value !== undefined) return connectors.length > 0;
  return found !== true || mentionsConnector(text);
}

const referenceRules = rules.filter((rule) => rule.each === 'reference');

type Add = (rule: Rule, findings: readonly Finding[], connector?: string) => void;

function checkConnector(context: ConnectorContext, add: Add): number {
  for (const rule of rules)
    if (rule.each === 'connector') add(rule, rule.check(context), context.name);
  let count = 0;
  for (const entry of context.connector.entries) {
    if (mayHold(entry)) count += checkValue(context, entry, add);
  }
  return count;
}

function mayHold(entry: Entry): entry is Entry & { value: string } {
  return entry.value !== null && mayHoldReference(entry.value);
}

/** One reference gives one finding, for its first fault. Answers how many references of known providers there are. */
function checkValue(
  connector: ConnectorContext,
  entry: Entry & { value: string },
  add: Add,
): number {
  const references = scanReferences(entry.value);
  const place = ({ start, end }: { start: number; end: number }) =>
    connector.document.locate(entry.pointer, start, end);
  const value = { ...connector, entry, place, references };
  let count = 0;
  for (const reference of references) {
    if (connector.providers.isKnown(reference.provider)) count += 1;
    for (const rule of referenceRules) {
      const finding = rule.check(value, reference);
      if (finding === undefined) continue;
      add(rule, [finding], connector.name);
      break;
    }
  }
  for (const rule of referenceRules) {
    if (rule.checkValue) add(rule, rule.checkValue(value), connector.name);
  }
  return count;
}

function connectorContext(
  context: DocumentContext,
  connector: Connector,
  providers: KnownProviders,
  options: ValidateOptions,
): ConnectorContext {
  const { document, positions } = context;
  const name = connector.name ?? options.connectorName;
  return {
    document,
    positions,
    connector,
    name,
    providers,
    existence: options.existence,
    verdict: options.verdicts?.get(connector.pointer),
    allProviders: options.allProviders === true,
  };
}

function diagnosticOf(
  rule: Rule,
  finding: Finding,
  file: string,
  positions: Positions,
  { severities }: ValidateOptions,
  connector: string | undefined,
): Diagnostic {
  const from = positions.at(finding.start);
  const to = positions.at(finding.end);
  const given = severities?.[rule.id];
  return {
    ...finding,
    rule: rule.id,
    severity: given === undefined || given === 'off' ? (finding.severity ?? rule.severity) : given,
    file,
    line: from.line,
    column: from.column,
    endLine: to.line,
    endColumn: to.column,
    ...(connector !== undefined && { connector }),
  };
}
