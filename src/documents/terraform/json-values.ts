// What Terraform reads of the resources of a file in its JSON syntax: each text is a template, and so is each name of a
// setting.
import { below, isObject, type JsonObject } from '../plain-value.ts';
import { UNKNOWN } from '../unknown.ts';
import type { Fault } from '../problem.ts';
import { type JsonResource, resourcesOfJson } from './json-resources.ts';
import { EXPRESSION, readWholeTemplate, type Template } from './template.ts';
import type { ResourceValue } from './terraform.ts';

export interface JsonValues {
  resources: ResourceValue[];
  /** By the pointers of the values in `resources`. */
  places: Map<string, Located>;
  /** The first one. */
  fault: (JsonPlace & { fault: Fault }) | undefined;
}

/** The pointer of a value in the JSON document; `isName` where the name of that member is meant. */
interface JsonPlace {
  at: string;
  isName?: true;
}

interface Located extends JsonPlace {
  /** For a text whose value is known: as JSON decodes it, and what Terraform makes of that. */
  text?: { raw: string; template: Template };
}

export function valuesOfJson(root: unknown): JsonValues {
  const values: JsonValues = { resources: [], places: new Map(), fault: undefined };
  for (const [index, resource] of resourcesOfJson(root).entries()) {
    values.resources.push(resourceOf(resource, `/${index}`, values));
  }
  return values;
}

function resourceOf(
  { type, label, body }: JsonResource,
  pointer: string,
  values: JsonValues,
): ResourceValue {
  values.places.set(pointer, { at: body.at });
  values.places.set(`${pointer}/type`, { at: type.at, isName: true });
  values.places.set(`${pointer}/label`, { at: label.at, isName: true });
  values.places.set(`${pointer}/body`, { at: body.at });
  const { [COMMENT]: _, ...members } = body.value;
  const own = objectOf(members, { pointer: `${pointer}/body`, at: body.at }, values);
  return { type: type.name, label: label.name, body: own };
}

/** A comment in a block; among settings it is one of them. */
const COMMENT = '//';

/** Where a value stands: in `resources`, and in the JSON document. */
interface Pointers {
  pointer: string;
  at: string;
}

/** Without a prototype, so that a setting may have any name. */
function objectOf(
  object: JsonObject,
  { pointer, at }: Pointers,
  values: JsonValues,
): Record<string, unknown> {
  const own = Object.create(null) as Record<string, unknown>;
  for (const [raw, value] of Object.entries(object)) {
    const { template, fault } = readWholeTemplate(raw);
    if (fault !== undefined) values.fault ??= { at: below(at, raw), isName: true, fault };
    const name = template?.text.text;
    if (name === undefined || name.includes(EXPRESSION)) Object.assign(own, { [UNKNOWN]: true });
    else own[name] = valueOf(value, { pointer: below(pointer, name), at: below(at, raw) }, values);
  }
  return own;
}

function valueOf(value: unknown, { pointer, at }: Pointers, values: JsonValues): unknown {
  if (typeof value === 'string') return templateOf(value, { pointer, at }, values);
  values.places.set(pointer, { at });
  if (Array.isArray(value))
    return value.map((it: unknown, index) =>
      valueOf(it, { pointer: `${pointer}/${index}`, at: `${at}/${index}` }, values),
    );
  return isObject(value) ? objectOf(value, { pointer, at }, values) : value;
}

function templateOf(raw: string, { pointer, at }: Pointers, values: JsonValues): unknown {
  const { template, fault } = readWholeTemplate(raw);
  values.places.set(pointer, { at, ...(template && { text: { raw, template } }) });
  if (fault !== undefined) values.fault ??= { at, fault };
  return template?.text.text ?? UNKNOWN;
}
