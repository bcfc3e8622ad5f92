// The right form of a malformed reference, where it follows from what stands there without a guess.
import { parseKey, parsePath } from '../domain/names.ts';
import type { FaultReason, ReferenceFault } from '../domain/reference-fault.ts';
import { referenceText, scanReferences } from '../domain/reference.ts';
import { enabledFact } from './existence.ts';
import { isOwnText } from './fix.ts';
import { isPlainReference } from './plain-name.ts';
import type { ValueContext } from './rule.ts';

/** What to write in place of `fault.whole`. `key` is that of the reference as Kafka reads it. */
export function mendedReference(
  fault: ReferenceFault,
  context: ValueContext,
  key: string | undefined,
): string | undefined {
  const { reason } = fault;
  if (PATHLESS.has(reason) && !isOwnText(context)) return undefined;
  const text = PATHLESS.has(reason) ? withOwnPath(fault, context, key) : fault.fix;
  if (text === undefined || !isPlainReference(text) || mayGoOn(fault, context.entry.value))
    return undefined;
  return SPELLING.has(reason) || isOwn(text, reason, context) ? text : undefined;
}

/** Faults of spelling only: which secret is meant is plain. */
const SPELLING: ReadonlySet<FaultReason> = new Set([
  'sign-in-front',
  'white-space',
  'double-brace',
  'brace-behind',
  'version-in-key',
]);

const PATHLESS: ReadonlySet<FaultReason> = new Set(['no-path', 'empty-path']);

/** Mended only where the secret exists: `${secret:payments}` may be a path without a key, and the default may be in use. */
const TO_BE_PROVED: ReadonlySet<FaultReason> = new Set(['no-path', 'default-value']);

/** True for a reference to a secret of the connector's own: anything else could be text of another language. */
function isOwn(
  text: string,
  reason: FaultReason,
  { name, providers, existence }: ValueContext,
): boolean {
  const [reference] = scanReferences(text);
  if (reference === undefined || !providers.isOurs(reference.provider)) return false;
  // Of `db:password` either one may be the key.
  if (reason === 'colon-in-key' || reference.path !== name) return false;
  if (existence === undefined) return !TO_BE_PROVED.has(reason);
  return enabledFact(existence, name, reference.key) !== undefined;
}

/** What ends a text or begins one, and is no sign of the reference: `$({secret:…})` would become `$(${secret:…})`. */
const MAY_STAND_IN_FRONT = /^[ \t\r\n"'=,:/@;]?$/;

/** True where the text beside the reference may belong to it: `CORP\${secret:…}` is a user of a domain. */
function mayGoOn({ reason, whole }: ReferenceFault, value: string): boolean {
  if (reason === 'sign-in-front') return /[\p{L}\p{N}]$/u.test(value.slice(0, whole.start));
  if (reason === 'not-opened') return !MAY_STAND_IN_FRONT.test(value.charAt(whole.start - 1));
  return reason === 'unclosed' && !/^(?:$|["';]|\$\{)/.test(value.slice(whole.end));
}

function withOwnPath(
  { whole }: ReferenceFault,
  { name, entry }: ValueContext,
  key = '',
): string | undefined {
  const [reference] = scanReferences(entry.value.slice(whole.start, whole.end));
  if (reference === undefined || name === undefined) return undefined;
  return parsePath(name).ok && parseKey(key).ok
    ? referenceText(reference.provider, name, key)
    : undefined;
}
