// What a rule is given and what it hands back. A rule does not print, and reads nothing but its arguments.
import type { SourceDocument } from '../documents/document.ts';
import type { Connector, Entry, SettingEntry } from '../documents/shapes.ts';
import type { Reference } from '../domain/reference.ts';
import type { Edit } from '../documents/edit.ts';
import type { Place, Positions } from '../documents/position.ts';
import type { Finding, Region, RuleId, Severity } from './diagnostic.ts';
import type { Existence } from './existence.ts';
import type { Fits } from './fits.ts';
import type { Ignore } from './ignores.ts';
import type { KnownProviders } from './provider-names.ts';
import type { Use } from './uses.ts';
import type { WorkerVerdict } from './worker/verdict.ts';

export interface DocumentContext {
  document: SourceDocument;
  /** Made on demand. */
  positions: () => Positions;
}

export interface ConnectorContext extends DocumentContext {
  connector: Connector;
  /** The connector's name: the document's, else the one that was given. */
  name: string | undefined;
  providers: KnownProviders;
  existence: Existence | undefined;
  /** Where a registry was asked about values. */
  fits: Fits | undefined;
  /** RFC 3339 in UTC with milliseconds; without it nothing is due. */
  now: string | undefined;
  /** Where a worker was asked about this connector. */
  verdict: WorkerVerdict | undefined;
  allProviders: boolean;
  /** A connector whose name is not known here is refused: what comes of it is used at once. */
  needsNames: boolean;
  /** Of the whole file, which is searched once: there may be very many references. */
  mayHoldSub: () => boolean;
}

/** A value that holds a reference, or may hold what was meant as one. */
export interface ValueContext extends ConnectorContext {
  entry: SettingEntry;
  /** What Kafka reads as a reference. */
  references: readonly Reference[];
  /** Where a part of the value stands in the file. */
  place: (span: Place) => Place;
  /** The changes that put a text in place of a part of the value. */
  replace: (span: Place, text: string) => Edit[];
}

export interface ProjectContext {
  existence: Existence | undefined;
  /** Whether a file refers to it. */
  isUsed(path: string, key: string): boolean;
  /** For each path that is referred to: the first place in each connector. */
  firstUses(): Iterable<readonly Use[]>;
}

/** Made at the end of a run, when no text of a file is left to show. */
export interface ProjectFinding {
  /** The file, registry or manifest that it is about. */
  file: string;
  place?: Place & Region;
  /** What a baseline knows the finding by. */
  subject: string;
  connector?: string;
  setting?: string;
  message: string;
  hint?: string;
}

interface RuleText {
  id: RuleId;
  severity: Severity;
  /** One sentence for docs/rules.md. */
  sentence: string;
  /** What --fix does, for the same page; absent where there is never one right answer. */
  mends?: string;
  /** What the rule cannot do without: what is known of the secrets, whether values fit, or a worker's answer. */
  needs?: 'existence' | 'values' | 'worker';
}

/** A comment that asks for something to be ignored, after all other rules have looked. */
export interface IgnoreContext {
  ignore: Ignore;
  /** The ids of all rules. */
  ids: readonly string[];
  /** True where a finding of that rule would have been made. */
  isSought: (rule: string) => boolean;
}

/** `each` says what a rule looks at. Of the rules on a reference, none is asked behind the first that finds something. */
export type Rule =
  | (RuleText & { each: 'document'; check(context: DocumentContext): Finding[] })
  | (RuleText & { each: 'connector'; check(context: ConnectorContext): Finding[] })
  | (RuleText & { each: 'ignore'; check(context: IgnoreContext): Finding[] })
  | (RuleText & {
      each: 'setting';
      /** The settings of the connector that it has to look at: there are many, and few of them matter. */
      among(context: ConnectorContext): Iterable<Entry>;
      check(context: ConnectorContext, entry: SettingEntry): readonly Finding[];
    })
  | (RuleText & {
      each: 'reference';
      check(context: ValueContext, reference: Reference): Finding | undefined;
      /** What is wrong between the references of a value. */
      checkValue?(context: ValueContext): Finding[];
    })
  /** Looks at the end at what all files of a run say. */
  | (Omit<RuleText, 'severity'> & {
      each: 'project';
      severity: 'off';
      check(context: ProjectContext): ProjectFinding[];
    });

export type FileRule = Exclude<Rule, { each: 'project' }>;
