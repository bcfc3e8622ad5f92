// The resources of a file in Terraform's JSON syntax that describe connectors. At each level there may be an object or a
// list of them: https://developer.hashicorp.com/terraform/language/syntax/json#nested-block-mapping
import { below, isObject, type JsonObject } from '../plain-value.ts';
import { mayDescribeConnector } from './shape.ts';

export interface JsonResource {
  type: JsonMember;
  label: JsonMember;
  body: Found;
}

/** An object, with its pointer in the JSON document. */
interface Found {
  value: JsonObject;
  at: string;
}

export interface JsonMember {
  name: string;
  value: unknown;
  at: string;
}

export function resourcesOfJson(root: unknown): JsonResource[] {
  return membersIn(root, '')
    .filter(({ name }) => name === 'resource')
    .flatMap(({ value, at }) => membersIn(value, at))
    .filter(({ name }) => mayDescribeConnector(name))
    .flatMap((type) =>
      membersIn(type.value, type.at).flatMap((label) =>
        objectsIn(label.value, label.at).map((body) => ({ type, label, body })),
      ),
    );
}

function membersIn(value: unknown, at: string): JsonMember[] {
  return objectsIn(value, at).flatMap((object) =>
    Object.entries(object.value).map(([name, inner]) => ({
      name,
      value: inner,
      at: below(object.at, name),
    })),
  );
}

function objectsIn(value: unknown, at: string): Found[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.flatMap((it, index) =>
    isObject(it) ? [{ value: it, at: Array.isArray(value) ? `${at}/${index}` : at }] : [],
  );
}
