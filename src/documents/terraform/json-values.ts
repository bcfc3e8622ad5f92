// What Terraform reads of the resources of a file in its JSON syntax: each text is a template, and so is each name of a
// setting.
import { nestedIn, REST_BODY } from '../nested.ts';
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
  const resources = resourcesOfJson(root);
  for (const [index, resource] of resources.entries())
    values.resources.push(resourceOf(resource, `/${index}`, values));
  for (const { value, at } of settingsIn(root, new Set(resources.map(({ body }) => body.at)))) {
    const pointer = `/${values.resources.length}`;
    for (const place of [pointer, `${pointer}/body`]) values.places.set(place, { at });
    const body = objectOf(value, { pointer: `${pointer}/body`, at }, values);
    values.resources.push({ type: undefined, label: '', body });
  }
  return values;
}

/** The settings of connectors outside of the bodies at `known`, as Terraform's own syntax has them too. */
function settingsIn(
  root: unknown,
  known: ReadonlySet<string>,
): readonly { value: JsonObject; at: string }[] {
  return nestedIn(root, '').flatMap(({ value, pointer, body }) => {
    if (!Object.hasOwn(value, 'connector.class') || isBelow(pointer, known)) return [];
    return body?.members === REST_BODY && !BLOCK.test(body.pointer)
      ? [{ value: body.value, at: body.pointer }]
      : [{ value, at: pointer }];
  });
}

function isBelow(pointer: string, places: ReadonlySet<string>): boolean {
  for (let [depth, end] = [0, 0]; depth < DEEPEST_BODY && end !== -1; depth += 1) {
    end = pointer.indexOf('/', end + 1);
    if (places.has(end === -1 ? pointer : pointer.slice(0, end))) return true;
  }
  return false;
}

/** `/0/resource/0/TYPE/0/LABEL/0`: a pointer may be very long. */
const DEEPEST_BODY = 7;

/** The arguments of a block are no body: its `name` may be that of anything. */
const BLOCK =
  /^(?:\/\d+)?\/(?:module(?:\/\d+)?|(?:resource|data)(?:\/\d+)?\/[^/]+(?:\/\d+)?)\/[^/]+(?:\/\d+)?$/;

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
