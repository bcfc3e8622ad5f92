// Functions of CloudFormation that name what stands elsewhere: a parameter, a resource, an export. Of the others, such as `Join`
// and `If`, the arguments are texts of the template, and are read as these.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
import { isObject } from './plain-value.ts';
import { UNKNOWN } from './unknown.ts';

const NAMING: ReadonlySet<string> = new Set([
  'FindInMap',
  'GetAtt',
  'GetAZs',
  'ImportValue',
  'Ref',
]);

/** True for a value that is not known before the stack is made: `!Ref Name`, `{"Fn::GetAtt": …}`. */
export function isComputed(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  if (!isObject(value)) return false;
  const [name = '', ...more] = Object.keys(value);
  return (
    more.length === 0 && (name === 'Ref' || (name.startsWith('Fn::') && NAMING.has(name.slice(4))))
  );
}

/** A tag of YAML that makes its value such a one. */
export function isNamingTag(tag: string | undefined): boolean {
  return tag?.startsWith('!') === true && NAMING.has(tag.slice(1));
}

/** Functions whose first argument is a condition, a delimiter or an index, and no part of what they give. */
const WITH_HEAD: ReadonlySet<string> = new Set(['If', 'Join', 'Select', 'Split']);

/** What a function is given, by its name in JSON or its tag in YAML, without what is no text of a value. */
export function withoutHead(name: string | undefined, given: unknown): unknown {
  const bare = name?.replace(/^(?:!|Fn::)/, '');
  if (bare === undefined || bare === name || !WITH_HEAD.has(bare)) return given;
  return Array.isArray(given) ? [UNKNOWN, ...given.slice(1)] : given;
}

/** Whether a value is given to `Sub`, by its name in JSON or its tag in YAML: a text, or a list that begins with one. */
export function isSub(name: string, tag: string | undefined): boolean {
  return name === 'Fn::Sub' || tag === '!Sub';
}

/** Whether `Sub` may read a text of this file: it makes `${secret:orders:password}` of `${!secret:orders:password}`. */
export function mayHoldSub(file: string): boolean {
  return /AWS::|Fn::Sub|!Sub/.test(file);
}
