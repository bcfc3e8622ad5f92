// Puts values in place of a document's references and keeps its layout. Strict: what Kafka would leave literal without a word
// is reported, all of it at once, and nothing is resolved then.
import type { SourceDocument, ValueChange } from '../documents/document.ts';
import { applyEdits, differentEdits } from '../documents/edit.ts';
import { replaceAll } from '../documents/replace-all.ts';
import type { Connector } from '../documents/shapes.ts';
import { isForeignTemplate } from '../domain/foreign-template.ts';
import {
  brokenReferences,
  type FaultReason,
  mayHoldReference,
  type ProviderNames,
  referenceFault,
} from '../domain/reference-fault.ts';
import { type Reference, scanReferences } from '../domain/reference.ts';
import { SecretValue } from '../domain/secret-value.ts';
import { fetchValues, type Providers } from './transform.ts';

export interface ResolveOptions {
  /** The names of the providers that are the secret registry. The path of their references must be the connector's name. */
  providerNames?: readonly string[];
  /** Providers that are not asked: their references stay, for the worker. */
  otherProviders?: readonly string[];
  /** For a document that does not name its connector. */
  connectorName?: string;
  /** Kafka's own behaviour: what cannot be resolved stays as it stands, and any path is allowed. */
  kafka?: boolean;
  /** Writes `[secret]` in place of each value. */
  mask?: boolean;
}

export type LiteralReason =
  | FaultReason
  | 'unknown-provider'
  | 'path-is-not-connector'
  | 'connector-without-name'
  | 'missing';

/** A reference that is not resolved. `start` and `end` are offsets in the text of the document. */
export interface Literal {
  reason: LiteralReason;
  connector: string | undefined;
  /** The name of the setting, and its JSON pointer. */
  setting: string;
  pointer: string;
  start: number;
  end: number;
}

export interface Resolved {
  /** The text of the document with the values in it; undefined where strictness forbids it. Wrapped: it holds secrets. */
  text: SecretValue | undefined;
  /** What stayed literal, in order of its places. Without `kafka`, there is no text if anything did. */
  literals: Literal[];
  /** How many references were replaced. */
  replaced: number;
}

/** `text` is the file's, and the connectors are those in it. Fails with what the providers throw. */
export async function resolveDocument(
  text: string,
  connectors: readonly Connector[],
  providers: Providers,
  options: ResolveOptions = {},
): Promise<Resolved> {
  const names = providerNames(providers, options);
  const sites = connectors.map((connector) => ({
    connector,
    sites: sitesOf(connector, options, names),
  }));
  const literals = sites.flatMap((it) =>
    it.sites.filter(isLiteral).map((site) => literalOf(it.connector, site, options)),
  );
  const strict = options.kafka !== true;
  if (strict && literals.length > 0) return withoutText(literals);
  const replacements: Replacement[] = [];
  for (const it of sites) {
    const wanted = it.sites.filter(
      (site) => site.reference !== undefined && (!strict || !site.foreign),
    );
    const { lookup } = await fetchValues(
      wanted.flatMap(({ reference }) => reference ?? []),
      providers,
    );
    for (const site of wanted) {
      const value = site.reference && lookup(site.reference);
      if (value !== undefined) {
        replacements.push({ document: it.connector.document, site, value });
      } else if (!site.foreign && site.reason === undefined) {
        literals.push(literalOf(it.connector, { ...site, reason: 'missing' }, options));
      }
    }
  }
  if (strict && literals.length > 0) return withoutText(literals);
  return {
    text: write(text, replacements, options.mask === true),
    literals: byPlace(literals),
    replaced: replacements.length,
  };
}

function withoutText(literals: Literal[]): Resolved {
  return { text: undefined, literals: byPlace(literals), replaced: 0 };
}

interface Replacement {
  document: SourceDocument;
  site: Site;
  value: SecretValue;
}

/** A place in a value: a reference, or what was meant as one. Offsets are those of the decoded value. */
interface Site {
  setting: string;
  pointer: string;
  start: number;
  end: number;
  reference: Reference | undefined;
  /** Why it stays literal, or, with `kafka`, would be refused by the strict rules. */
  reason: LiteralReason | undefined;
  /** True for a reference of another provider, or of another template language. */
  foreign: boolean;
}

function isLiteral(site: Site): site is Site & { reason: LiteralReason } {
  return site.reason !== undefined;
}

function sitesOf(connector: Connector, options: ResolveOptions, names: ProviderNames): Site[] {
  const sites: Site[] = [];
  const own = connector.name ?? options.connectorName;
  for (const { key: setting, value, pointer } of connector.entries) {
    if (value === null || !mayHoldReference(value)) continue;
    const references = scanReferences(value);
    for (const reference of references) {
      const { start, end } = reference;
      const foreign =
        options.otherProviders?.includes(reference.provider) ||
        (!names.isKnown(reference.provider) && isForeignTemplate(reference));
      const reason = reasonAgainst(value, reference, connector, options, names);
      sites.push({ setting, pointer, start, end, reference, reason, foreign });
    }
    for (const { whole, reason } of brokenReferences(value, references, names, own)) {
      sites.push({ setting, pointer, ...whole, reference: undefined, reason, foreign: false });
    }
  }
  return sites;
}

function reasonAgainst(
  text: string,
  reference: Reference,
  connector: Connector,
  options: ResolveOptions,
  names: ProviderNames,
): LiteralReason | undefined {
  if (options.kafka === true)
    return names.isKnown(reference.provider) || isForeignTemplate(reference)
      ? undefined
      : 'unknown-provider';
  const fault = referenceFault(text, reference, names);
  if (fault !== undefined) return fault.reason;
  if (!names.isKnown(reference.provider))
    return isForeignTemplate(reference) ? undefined : 'unknown-provider';
  if (!names.isOurs(reference.provider)) return undefined;
  const name = connector.name ?? options.connectorName;
  if (name === undefined) return 'connector-without-name';
  return reference.path === name ? undefined : 'path-is-not-connector';
}

function literalOf(
  connector: Connector,
  site: Site & { reason: LiteralReason },
  options: ResolveOptions,
): Literal {
  const { reason, setting, pointer } = site;
  const place = connector.document.locate(pointer, site.start, site.end);
  return { reason, connector: connector.name ?? options.connectorName, setting, pointer, ...place };
}

function providerNames(
  providers: Providers,
  { providerNames: ours = ['secret'], otherProviders = [] }: ResolveOptions,
): ProviderNames {
  const isOurs = (name: string) => ours.includes(name);
  const isKnown = (name: string) =>
    isOurs(name) || providers.has(name) || otherProviders.includes(name);
  return { isOurs, isKnown, resemblesKnown: isKnown };
}

function byPlace(literals: Literal[]): Literal[] {
  return literals.toSorted((a, b) => a.start - b.start);
}

/** Takes all values of one document together: in a text that is encoded (base64), each edit writes all of it anew. */
function write(text: string, replacements: readonly Replacement[], mask: boolean): SecretValue {
  const byDocument = Map.groupBy(replacements, ({ document }) => document);
  const edits = [...byDocument].flatMap(([document, own]) =>
    replaceAll(document, changesOf(own, mask)),
  );
  return SecretValue.of(applyEdits(text, differentEdits(edits)));
}

function changesOf(replacements: readonly Replacement[], mask: boolean): ValueChange[] {
  const byValue = Map.groupBy(replacements, ({ site }) => site.pointer);
  return [...byValue].map(([pointer, own]) => ({
    pointer,
    parts: own.map(({ site: { start, end }, value }) => ({
      start,
      end,
      text: mask ? value.toString() : value.reveal(),
    })),
  }));
}
