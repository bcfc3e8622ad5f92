// The rules on one connector, its settings and the references in them.
import { isPlaceholder } from '../documents/template.ts';
import { type Entry, hasValue, type SettingEntry } from '../documents/shapes.ts';
import { mayHoldReference } from '../domain/reference-fault.ts';
import { type Reference, scanReferences } from '../domain/reference.ts';
import type { Finding } from './diagnostic.ts';
import type { ConnectorContext, DocumentContext, FileRule, ValueContext } from './rule.ts';
import type { RulesOfRun } from './rules-of-run.ts';

/** Takes what a rule found, with what it was found in. */
export type Add = (
  rule: FileRule,
  findings: readonly Finding[],
  context?: DocumentContext & Partial<ConnectorContext>,
  entry?: Entry,
) => void;

/** Is told of each reference of a known provider. */
export type Seen = (reference: Reference) => void;

export function checkConnector(
  context: ConnectorContext,
  own: RulesOfRun,
  add: Add,
  seen: Seen,
): void {
  for (const rule of own.connector) add(rule, rule.check(context), context);
  for (const rule of own.setting)
    for (const entry of rule.among(context))
      if (hasValue(entry)) add(rule, rule.check(context, entry), context, entry);
  for (const entry of context.connector.entries) {
    if (!hasValue(entry)) continue;
    if (mayHoldReference(entry.value) && !isCompletedLater(entry.value))
      checkValue(context, entry, own, add, seen);
  }
}

/** True for a reference with a placeholder in it, `${secret:{{ connector }}:password}`: it is judged when it is rendered. */
function isCompletedLater(value: string): boolean {
  return isPlaceholder(value) && /\$\{[\w-]+:[^{}]*(?:\{\{[^{}]*\}\}|\$\(\))/.test(value);
}

/** One reference gives one finding, for its first fault. */
function checkValue(
  context: ConnectorContext,
  entry: SettingEntry,
  own: RulesOfRun,
  add: Add,
  seen: Seen,
): void {
  const { document } = context;
  const references = scanReferences(entry.value);
  const value: ValueContext = {
    ...context,
    entry,
    references,
    place: ({ start, end }) => document.locate(entry.pointer, start, end),
    replace: (span, text) => document.replace(entry.pointer, [{ ...span, text }]),
  };
  for (const reference of references) {
    if (context.providers.isKnown(reference.provider)) seen(reference);
    for (const rule of own.reference) {
      const finding = rule.check(value, reference);
      if (finding === undefined) continue;
      add(rule, [finding], context, entry);
      break;
    }
  }
  for (const rule of own.value) add(rule, rule.checkValue(value), context, entry);
}
