// Functions of CloudFormation: what they give is known once the stack is made, and not evaluated here.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
import { isObject } from './plain-value.ts';

const FUNCTIONS: ReadonlySet<string> = new Set([
  'Base64',
  'Cidr',
  'FindInMap',
  'GetAtt',
  'GetAZs',
  'If',
  'ImportValue',
  'Join',
  'Length',
  'Select',
  'Split',
  'Sub',
  'ToJsonString',
  'Transform',
]);

/** True for `{"Ref": …}` and `{"Fn::GetAtt": …}`, which stand for a value. */
export function isFunctionCall(value: unknown): boolean {
  if (!isObject(value)) return false;
  const [name = '', ...more] = Object.keys(value);
  if (more.length > 0) return false;
  if (name === 'Fn::Sub') return isComputed(value[name]);
  return name === 'Ref' || (name.startsWith('Fn::') && FUNCTIONS.has(name.slice(4)));
}

/** The same by a tag of YAML: `!Ref Name`. */
export function isFunctionTag(tag: string | undefined, value: unknown): boolean {
  if (tag === '!Sub') return isComputed(value);
  return tag === '!Ref' || (tag?.startsWith('!') === true && FUNCTIONS.has(tag.slice(1)));
}

/**
 * A text of `Sub` can be read as it stands: its `${Name}` is no reference. But `${!secret:orders:password}` is how it writes
 * `${secret:orders:password}`.
 */
function isComputed(argument: unknown): boolean {
  return typeof argument !== 'string' || argument.includes('${!');
}
