// Checks what a request brought against its schema. A refusal names the member and what it has to be, never what it was.
import type { TObject, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { shown } from './body.ts';
import { wrongUse } from './wrong-use.ts';

type Validator = (value: unknown) => void;

/** Fails with wrong-use. */
export function bodyValidator(schema: TSchema | undefined): Validator {
  if (schema === undefined)
    return (value) => {
      if (value !== undefined && value !== null) throw wrongUse('this request takes no body');
    };
  const validator = Compile(schema);
  return (value) => {
    if (value === undefined) throw wrongUse('a JSON body is needed');
    if (!validator.Check(value)) throw wrongUse(sentenceOf(validator.Errors(value), 'member'));
  };
}

/** The parameters of a query. One that may stand several times is always a list. */
export function queryReader(
  schema: TObject | undefined,
): (raw: Record<string, unknown>) => Record<string, unknown> {
  const properties = new Map(Object.entries(schema?.properties ?? {}));
  const validator = schema === undefined ? undefined : Compile(schema);
  return (raw) => {
    const query = Object.fromEntries(
      Object.entries(raw).map(([name, value]) => {
        const property = properties.get(name);
        if (property === undefined) throw wrongUse(`there is no parameter '${shown(name)}'`);
        if (!('items' in property) && Array.isArray(value))
          throw wrongUse(`parameter '${name}' stands more than once`);
        return [name, 'items' in property && !Array.isArray(value) ? [value] : value];
      }),
    );
    if (validator !== undefined && !validator.Check(query))
      throw wrongUse(sentenceOf(validator.Errors(query), 'parameter'));
    return query;
  };
}

interface Fault {
  keyword: string;
  instancePath: string;
  params: object;
}

function sentenceOf(faults: readonly Fault[], noun: string): string {
  // A member too many gives two errors: one of the schema `false`, and one of its object, which has its name.
  const fault = faults.find(({ keyword }) => keyword !== 'boolean') ?? faults[0];
  if (fault === undefined) return 'the request does not have the shape that is needed';
  const place = placeOf(fault.instancePath);
  const params = fault.params as Record<string, unknown>;
  const within = place === '' ? '' : ` in '${place}'`;
  const named = place === '' ? 'the body' : `${noun} '${place}'`;
  switch (fault.keyword) {
    case 'required':
      return `${noun} ${listed(params['requiredProperties'])} is missing${within}`;
    case 'additionalProperties':
      return `there is no ${noun} ${listed(params['additionalProperties'])}${within}`;
    case 'type':
      return `${named} has to be ${[params['type']].flat().map(String).join(' or ')}`;
    case 'enum':
      return `${named} has to be one of ${[params['allowedValues']].flat().map(String).join(', ')}`;
    case 'minimum':
    case 'maximum':
      return `${named} has to be ${String(params['comparison'])} ${String(params['limit'])}`;
    case 'minLength':
    case 'minItems':
    case 'minProperties':
      return `${named} is too short: ${String(params['limit'])} at least`;
    case 'maxLength':
    case 'maxItems':
      return `${named} is too long: ${String(params['limit'])} at most`;
    case 'format':
      return `${named} has to be a ${String(params['format'])} (RFC 3339)`;
    default:
      return `${named} does not have the shape that is needed`;
  }
}

function listed(names: unknown): string {
  const [first, ...more] = [names].flat().map((name) => `'${shown(String(name))}'`);
  return more.length === 0 ? (first ?? '') : `${first} (and ${more.length} more)`;
}

/** `/writes/0/secret` as `writes[0].secret`. */
function placeOf(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${shown(part)}`))
    .join('')
    .replace(/^\./, '');
}
