import {
  brokenReferences,
  type FaultReason,
  type ReferenceFault,
  referenceFault,
} from '../../domain/reference-fault.ts';
import { parseKey, parsePath } from '../../domain/names.ts';
import { type Reference, referenceText } from '../../domain/reference.ts';
import type { Misreading } from '../../documents/document.ts';
import type { Finding, Fix } from '../diagnostic.ts';
import { writing } from '../fix.ts';
import { mendedReference } from '../mended-reference.ts';
import { isPlainName, isPlainReference } from '../plain-name.ts';
import type { Rule, ValueContext } from '../rule.ts';
import { visible } from '../../domain/visible.ts';
import { quoted } from '../wording.ts';

export const malformedReference: Rule = {
  id: 'malformed-reference',
  severity: 'error',
  sentence:
    'Something was meant as a reference and is not written as Kafka reads one: `${secret:PATH:KEY}`, no blanks, no nesting, no default value, no version, no escape; but in a Terraform file or a program of Pulumi `$${secret:PATH:KEY}`, for `${` alone begins an expression there, in double quotes of a shell `\\${secret:PATH:KEY}`, in what `Sub` of CloudFormation reads `${!secret:PATH:KEY}`.',
  mends:
    'where only the spelling is wrong: signs in front, blanks beside a part, a second brace on either side, a version behind the key; and where the reference is not closed, not opened, separated by other signs or without its path, and the rest of it is right. A `{` behind a word, a bracket or another sign, such as `$({secret:…})`, is left to you: what stands in front would stay in the value.',
  each: 'reference',
  check(context, reference) {
    const { document, entry, providers } = context;
    const misread = document.misread?.(entry.pointer, reference.start);
    if (misread !== undefined) return misreadFinding(misread, context, reference);
    const fault = referenceFault(entry.value, reference, providers);
    return fault && findingOf(fault, context, reference.key);
  },
  checkValue(context) {
    const { entry, references, providers, name } = context;
    return brokenReferences(entry.value, references, providers, name).map((fault) =>
      findingOf(fault, context),
    );
  },
};

function misreadFinding(
  misread: Misreading,
  { entry, place, providers }: ValueContext,
  reference: Reference,
): Finding {
  const { start, end, provider } = reference;
  const meant = entry.value.slice(start, end);
  // What stands behind a name that nobody knows may be anything.
  const isShown = providers.isKnown(provider) && isPlainReference(meant);
  return {
    ...place({ start, end: start + 2 }),
    message: misread.text,
    ...(isShown && { hint: visible(meant), fix: fixOf(misread, meant) }),
    isName: true,
  };
}

/** The edits are made when they are asked for. */
function fixOf(misread: Misreading, meant: string): Fix {
  return {
    what: `write ${quoted(meant)}`,
    get edits() {
      return misread.edits;
    },
  };
}

function findingOf(fault: ReferenceFault, context: ValueContext, key?: string): Finding {
  const { fix } = fault;
  const isShown = fix !== undefined && isPlainReference(fix);
  const hint = isShown ? fix : rightReference(fault, context, key);
  const mended = mendedReference(fault, context, key);
  return {
    ...context.place(fault),
    message: message(fault),
    ...(MARKS.has(fault.reason) && { isName: true }),
    ...(hint !== undefined && { hint: visible(hint) }),
    ...(mended !== undefined && { fix: writing(mended, context, fault.whole) }),
  };
}

/** Faults whose part holds nothing but the beginning of a reference. */
const MARKS: ReadonlySet<FaultReason> = new Set([
  'not-opened',
  'open-in-front',
  'no-colon',
  'wrong-separator',
]);

/** The form to follow, with the connector's name as the path. */
function rightReference(
  { reason, whole }: ReferenceFault,
  { name, providers, entry }: ValueContext,
  key: string | undefined,
): string | undefined {
  const [word = ''] = /[\w.-]+/.exec(entry.value.slice(whole.start, whole.end)) ?? [];
  // Of `${secret.orders:password}` the part in front of the dot.
  const provider = [word, word.replace(/\..*/, '')].find((it) => providers.isOurs(it));
  if (reason === 'open-in-front' || provider === undefined) return undefined;
  const path = name !== undefined && parsePath(name).ok ? name : 'CONNECTOR';
  // `${secret:orders/password}`: a path as other providers have it.
  const [, behindSlash] = /^[^/]+\/([^/]+)$/.exec(key ?? '') ?? [];
  if (reason === 'no-path' && behindSlash !== undefined)
    return referenceText(provider, path, isShownKey(behindSlash) ? behindSlash : 'KEY');
  const withKey =
    (reason === 'no-path' || reason === 'empty-path') &&
    key !== undefined &&
    // `${secret:orders}` in the connector `orders`: the key was forgotten.
    key !== name &&
    isShownKey(key);
  return referenceText(provider, path, withKey ? key : 'KEY');
}

function isShownKey(key: string): boolean {
  return parseKey(key).ok && isPlainName(key);
}

// The text of a reference that is not read as one may hold anything, a password too: it is shown by no message.
const MESSAGES: Record<FaultReason, string> = {
  unclosed:
    "the reference is not closed: its '}' is missing, and Kafka leaves the text as it stands",
  'not-opened': "this is no reference: one opens with '${', and Kafka leaves the text as it stands",
  'no-colon':
    'this is no reference: it names neither a path nor a key, and Kafka leaves the text as it stands',
  'wrong-separator':
    "this is no reference: its parts are separated by ':', and Kafka leaves the text as it stands",
  'double-brace':
    "a reference opens with one '{': Kafka takes the second one for the beginning of the provider's name",
  'open-in-front':
    "a '${' in front of the reference is not closed: Kafka takes all that follows it for the provider's name",
  'sign-in-front':
    'Kafka has no escape: the reference is resolved all the same, and the sign in front of it stays in the value',
  'brace-behind':
    "a reference ends with the first '}': it is resolved all the same, and the second one stays in the value",
  nested:
    "a reference stands inside another one: Kafka reads up to the first '}' and resolves neither",
  'no-path':
    'the reference has no path, only a key: Kafka asks for a secret without path, which does not exist',
  'no-key':
    'the reference names a file or folder and no key, so that Kafka takes its name for the key, and leaves the text as it stands',
  'empty-path': "the path of the reference is empty: it must be the connector's name",
  'empty-key': 'the key of the reference is empty',
  'white-space':
    'white space stands beside a part of the reference: Kafka takes it for a part of the name',
  'default-value':
    'a reference has no default value: Kafka takes it for a part of the name, and leaves the text as it stands',
  'version-in-key': 'a reference has no version: Kafka takes it for a part of the key',
  'colon-in-key':
    "a reference has three parts: Kafka takes the ':' and all behind it for a part of the key, and a key holds none",
  'bad-path': 'this cannot be a path',
  'bad-key': 'this cannot be a key',
};

function message({ reason, clause }: ReferenceFault): string {
  return clause === undefined ? MESSAGES[reason] : `${MESSAGES[reason]}: it ${clause}`;
}
