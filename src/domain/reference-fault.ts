// What is wrong with a reference, as data: the resolver refuses it, the validator words it. Kafka itself never
// complains: what it cannot read it hands to the connector as it stands, `${secret:orders:pasword` for a password.
import { beginsWithDefault, DEFAULT_VALUE } from './foreign-template.ts';
import { matchAt } from './matching.ts';
import { parseKey, parsePath } from './names.ts';
import { partSpan, type Reference, referenceText, type Span } from './reference.ts';

export type FaultReason =
  | 'unclosed'
  | 'not-opened'
  | 'no-colon'
  | 'wrong-separator'
  | 'double-brace'
  | 'open-in-front'
  | 'sign-in-front'
  | 'brace-behind'
  | 'nested'
  | 'no-path'
  | 'no-key'
  | 'empty-path'
  | 'empty-key'
  | 'white-space'
  | 'default-value'
  | 'version-in-key'
  | 'colon-in-key'
  | 'bad-path'
  | 'bad-key';

/** `start` and `end` are the exact part; `whole` is all of the reference, as far as it can be told. */
export interface ReferenceFault extends Span {
  reason: FaultReason;
  whole: Span;
  /** For `bad-path` and `bad-key`: a clause such as `is empty`. */
  clause?: string;
  /** What would stand right in place of `whole`, where there is one right answer. */
  fix?: string;
}

/** Which provider names the judge knows. */
export interface ProviderNames {
  /** True for the secret registry: its references must have a path and a key. */
  isOurs(provider: string): boolean;
  /** True for every provider of the worker, the registry's own included. */
  isKnown(provider: string): boolean;
  /** True for a known one and for what can only be a slip of one. */
  resemblesKnown(provider: string): boolean;
}

/** The first fault of a reference that Kafka reads as one. Text of other template languages has none. */
export function referenceFault(
  text: string,
  reference: Reference,
  names: ProviderNames,
): ReferenceFault | undefined {
  if (!names.isKnown(reference.provider)) return providerFault(text, reference, names);
  return (
    signInFront(text, reference) ??
    nestedFault(text, reference) ??
    (names.isOurs(reference.provider) ? ownFault(reference) : foreignFault(reference)) ??
    braceBehind(text, reference)
  );
}

/** False for text in which there can be neither a reference nor what was meant as one. */
export function mayHoldReference(text: string): boolean {
  return text.includes('${') || (text.includes(':') && (CLOSING.test(text) || BARE.test(text)));
}

const CLOSING = /[)}]/;

/** `secret:P:K` and `$secret:P:K`, a whole value: without braces it may be a part of anything. `https://host:8081` is none. */
const BARE = /^(\$?)([\w.-]{1,255}):(?!\/\/)([\w./-]{1,255}):([\w./-]{1,255})$/;

/** True for a reference without its braces, and no credential: it names the connector itself, `own`. */
export function isBareReference(
  text: string,
  names: ProviderNames,
  own: string | undefined,
): boolean {
  const [, , provider = '', path] = BARE.exec(text) ?? [];
  return path !== undefined && path === own && names.isOurs(provider);
}

/**
 * What was meant as a reference of a known provider and is none to Kafka. `references` are those of the text; `own` is the name of
 * the connector, where it is known.
 */
export function brokenReferences(
  text: string,
  references: readonly Reference[],
  names: ProviderNames,
  own?: string,
): ReferenceFault[] {
  const [first] = references;
  // Nearly every value with a reference: that alone.
  if (first?.start === 0 && first.end === text.length) return [];
  const faults = text.includes(':') ? notOpenedFaults(text, references, names, own) : [];
  let next = 0;
  const lastClose = text.lastIndexOf('}');
  for (let open = text.indexOf('${'); open !== -1; ) {
    const reference = references[next];
    if (reference !== undefined && reference.start === open) {
      next += 1;
      open = text.indexOf('${', reference.end);
      continue;
    }
    const fault =
      open > lastClose ? unclosedFault(text, open, names) : colonlessFault(text, open, names);
    if (fault !== undefined) faults.push(fault);
    open = text.indexOf('${', open + 2);
  }
  return faults;
}

/** The slips of a provider's name that are no spelling mistakes: blanks, braces, an open reference in front. */
function providerFault(
  text: string,
  reference: Reference,
  names: ProviderNames,
): ReferenceFault | undefined {
  const { provider } = reference;
  const inner = provider.lastIndexOf('${');
  if (inner !== -1) {
    if (!names.resemblesKnown(provider.slice(inner + 2).trim())) return undefined;
    const at = reference.start;
    return { reason: 'open-in-front', start: at, end: at + 2, whole: wholeOf(reference) };
  }
  if (provider.startsWith('{') && names.resemblesKnown(provider.slice(1).trim())) {
    const end = text[reference.end] === '}' ? reference.end + 1 : reference.end;
    const whole = { start: reference.start, end };
    const fix = rightText({ ...reference, provider: provider.slice(1) }, names);
    const at = reference.start + 2;
    return {
      reason: 'double-brace',
      start: at,
      end: at + 1,
      whole,
      ...(fix !== undefined && { fix }),
    };
  }
  const separated = separatorFault(reference, names);
  if (separated !== undefined) return separated;
  if (provider !== provider.trim() && names.isKnown(provider.trim())) {
    const fix = rightText(reference, names);
    return {
      reason: 'white-space',
      ...partSpan(reference, 'provider'),
      whole: wholeOf(reference),
      ...(fix !== undefined && { fix }),
    };
  }
  return undefined;
}

/** No further `.` behind one: names of Spring, as in `${secret.service.user:x}`, have several. */
const OTHER_SEPARATOR = /^([\w-]{1,255})(?: ?[/=;,|] ?| |\.(?=[\w-]+$))([\w.-]{1,255})$/;

/** `${secret/orders:password}`: only the second colon is one. */
function separatorFault(reference: Reference, names: ProviderNames): ReferenceFault | undefined {
  const { provider, hasPath, key } = reference;
  if (hasPath || !PLAIN_NAME.test(key)) return undefined;
  const [, name = '', path = ''] = OTHER_SEPARATOR.exec(provider) ?? [];
  const right = names.isOurs(name) ? referenceOf(name, path, key) : undefined;
  if (right === undefined) return undefined;
  // Behind a `.` the key may be Spring's default value, which may be a credential: a hint would show it.
  const fix = provider[name.length] === '.' ? {} : { fix: right };
  const span = partSpan(reference, 'provider');
  return { reason: 'wrong-separator', ...span, whole: wholeOf(reference), ...fix };
}

function signInFront(text: string, reference: Reference): ReferenceFault | undefined {
  let start = reference.start;
  while (start > 0 && (text[start - 1] === '$' || text[start - 1] === '\\')) start -= 1;
  if (start === reference.start) return undefined;
  const fix = text.slice(reference.start, reference.end);
  return {
    reason: 'sign-in-front',
    start,
    end: reference.start,
    whole: { start, end: reference.end },
    fix,
  };
}

/** `${secret:P:K}}`, unless a '{' in front may be what is closed. */
function braceBehind(text: string, reference: Reference): ReferenceFault | undefined {
  const { start, end } = reference;
  if (text[end] !== '}' || text.lastIndexOf('{', start) !== -1) return undefined;
  const whole = { start, end: end + 1 };
  return { reason: 'brace-behind', start: end, end: end + 1, whole, fix: text.slice(start, end) };
}

/** A `${` inside: either one reference in another, or a forgotten `}` before the next one. */
function nestedFault(text: string, reference: Reference): ReferenceFault | undefined {
  const inner = text.indexOf('${', reference.start + 2);
  if (inner === -1 || inner >= reference.end) return undefined;
  const after = text[reference.end];
  if (text[inner - 1] === ':' || after === ':' || after === '}') {
    return { reason: 'nested', start: inner, end: reference.end, whole: wholeOf(reference) };
  }
  return unclosed(text, reference.start, inner);
}

/** Nearly every name there is; the parsers, which know all the others, take longer than all else together. */
const PLAIN_NAME = /^[A-Za-z][\w.-]{0,200}$/;

function ownFault(reference: Reference): ReferenceFault | undefined {
  const { provider, path, key, hasPath } = reference;
  const fault = faultsOf(reference);
  const fix = (fixedKey: string) => {
    const right = referenceOf(provider, path.trim(), fixedKey);
    return right === undefined ? {} : { fix: right };
  };
  if (!hasPath && beginsWithDefault(reference)) return fault('default-value', 'key');
  if (!hasPath) return fault('no-path', 'key');
  if (path === '') return fault('empty-path', 'path');
  if (key === '') return fault('empty-key', 'key');
  if (path !== path.trim()) return { ...fault('white-space', 'path'), ...fix(key.trim()) };
  if (key !== key.trim()) return { ...fault('white-space', 'key'), ...fix(key.trim()) };
  if (PLAIN_NAME.test(path) && PLAIN_NAME.test(key)) return undefined;
  const [name, ...rest] = key.split(':');
  if (name !== undefined && rest.length > 0) {
    return { ...fault(colonReason(rest.join(':')), 'key'), ...fix(name.trim()) };
  }
  const goodPath = parsePath(path);
  if (!goodPath.ok) return { ...fault('bad-path', 'path'), clause: goodPath.problem };
  const goodKey = parseKey(key);
  if (!goodKey.ok) return { ...fault('bad-key', 'key'), clause: goodKey.problem };
  return undefined;
}

/** Other providers have their own names and need not have a path; what none of them can have is checked. */
function foreignFault(reference: Reference): ReferenceFault | undefined {
  const fault = faultsOf(reference);
  const { provider, path, key, hasPath } = reference;
  if (hasPath && DEFAULT_VALUE.test(key)) {
    return { ...fault('default-value', 'key'), fix: `\${${provider}:${path}}` };
  }
  if (beginsWithDefault(reference)) return fault('default-value', 'key');
  if (key === '') return fault('empty-key', 'key');
  if (!hasPath && OF_FILES.has(provider) && key.includes('/')) return fault('no-key', 'key');
  return undefined;
}

/** Kafka's own names: what these are asked for without a path is nothing. */
const OF_FILES: ReadonlySet<string> = new Set(['file', 'directory']);

function colonReason(rest: string): FaultReason {
  if (DEFAULT_VALUE.test(rest)) return 'default-value';
  return /^(?:v?\d+|latest)$/.test(rest) ? 'version-in-key' : 'colon-in-key';
}

/** All of a name or reference that can be told without taking other text of the value along. */
const BEGINNING = /\$\{ {0,3}([\w.-]{1,255}) {0,3}(?::[\w./-]{0,255}){0,2}/y;

function unclosedFault(
  text: string,
  open: number,
  names: ProviderNames,
): ReferenceFault | undefined {
  const beginning = matchAt(BEGINNING, text, open);
  if (beginning?.[1] === undefined || !beginning[0].includes(':')) return undefined;
  return names.resemblesKnown(beginning[1]) ? unclosed(text, open, text.length) : undefined;
}

function unclosed(text: string, open: number, limit: number): ReferenceFault {
  const beginning = matchAt(BEGINNING, text, open)?.[0] ?? '${';
  const end = Math.min(open + beginning.length, limit);
  const whole = { start: open, end };
  const parts = text.slice(open + 2, end).split(':');
  const [provider, path, key] = parts;
  const fix =
    provider !== undefined && path !== undefined && key !== undefined
      ? referenceOf(provider.trim(), path, key)
      : undefined;
  return { reason: 'unclosed', start: open, end, whole, ...(fix !== undefined && { fix }) };
}

/**
 * `$secret:P:K}`, `{secret:P:K}`, `$ {secret:P:K}`, `%{secret:P:K}`, `$(secret:P:K)`; a fullwidth `＄`, or a character between
 * `$` and `{` that nobody sees, come with text that was copied. Two braces are of another template language, or told as
 * such. `secret:P:K}` is told as a whole value only. No part takes what begins a match, so that each character is looked at a bounded number of times.
 */
const NOT_OPENED =
  /(\$[ \u00A0\u00AD\u200B-\u200F\u2060\uFEFF]{1,16}\{|[%#@&＄]\{|(?<![${])\{|(?<!\$)\$\(?|^)([\w.-]{1,255}):([\w./-]{1,255}):([\w./-]{1,255})[)}](?!\})/g;

function notOpenedFaults(
  text: string,
  references: readonly Reference[],
  names: ProviderNames,
  own: string | undefined,
): ReferenceFault[] {
  const faults: ReferenceFault[] = [];
  let next = 0;
  const bare = isBareReference(text, names, own) ? BARE.exec(text) : null;
  for (const match of bare === null ? text.matchAll(NOT_OPENED) : [bare]) {
    const [all, opening = '', provider = '', path = '', key = ''] = match;
    const start = match.index;
    const whole = { start, end: start + all.length };
    while ((references[next]?.end ?? Infinity) <= start) next += 1;
    // Inside of a reference it is a part of a name, which is told of there.
    const isInside = (references[next]?.start ?? Infinity) < whole.end;
    if (isInside || !names.isOurs(provider)) continue;
    if (all.endsWith(')') && opening !== '$(') continue;
    if (opening === '' && all.length < text.length) continue;
    const fix = referenceOf(provider, path, key);
    faults.push({
      reason: 'not-opened',
      start,
      end: start + opening.length + provider.length,
      whole,
      ...(fix !== undefined && { fix }),
    });
  }
  return faults;
}

const CLOSED_WORD = /\$\{ {0,3}([\w./;,|-]{1,512}) {0,3}\}/y;

/** `${secret}`, `${secret.orders.password}` and `${secret;orders;password}`: closed, but without the colon that makes a reference. */
function colonlessFault(
  text: string,
  open: number,
  names: ProviderNames,
): ReferenceFault | undefined {
  const match = matchAt(CLOSED_WORD, text, open);
  const word = match?.[1];
  if (match === undefined || word === undefined) return undefined;
  const whole = { start: open, end: open + match[0].length };
  if (names.isOurs(word)) return { reason: 'no-colon', ...whole, whole };
  const [provider = '', path, key, ...rest] = word.split(/[./;,|]/);
  if (!names.isOurs(provider)) return undefined;
  const fix =
    path !== undefined && key !== undefined && rest.length === 0
      ? referenceOf(provider, path, key)
      : undefined;
  return { reason: 'wrong-separator', ...whole, whole, ...(fix !== undefined && { fix }) };
}

function faultsOf(reference: Reference) {
  return (reason: FaultReason, part: 'path' | 'key'): ReferenceFault => {
    const span = partSpan(reference, part);
    // An empty part is shown by the colon or brace that stands where it should be.
    if (span.start === span.end) span.end += 1;
    return { reason, ...span, whole: wholeOf(reference) };
  };
}

/** The reference with its parts trimmed, where that makes it a right one. */
function rightText(reference: Reference, names: ProviderNames): string | undefined {
  const provider = reference.provider.trim();
  if (names.isOurs(provider))
    return referenceOf(provider, reference.path.trim(), reference.key.trim());
  const path = reference.hasPath ? `${reference.path.trim()}:` : '';
  return `\${${provider}:${path}${reference.key.trim()}}`;
}

function referenceOf(provider: string, path: string, key: string): string | undefined {
  return parsePath(path).ok && parseKey(key).ok ? referenceText(provider, path, key) : undefined;
}

function wholeOf(reference: Reference): Span {
  return { start: reference.start, end: reference.end };
}
