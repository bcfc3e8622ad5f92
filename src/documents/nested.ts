// Connectors that stand somewhere inside a file: in the body of an Ansible task, the values of a Helm chart, the objects of
// an OpenShift template. They are recognised by what only a connector has: its class, or the kind of its resource.
import { manifestOf } from './manifests.ts';
import { isMirrorMaker } from './mirror-maker.ts';
import { below, isContainer, isObject, type JsonObject } from './plain-value.ts';

export interface Nested {
  /** The settings, or the resource. */
  value: JsonObject;
  pointer: string;
  /** The object whose `config` the settings are, if it has a name. */
  body: { value: JsonObject; pointer: string } | undefined;
}

/** In the order of the file. Of connectors inside each other, only the outermost. */
export function nestedIn(value: unknown, pointer: string): Nested[] {
  const found: Nested[] = [];
  const open: Around[] = [{ value, pointer, member: '', around: undefined }];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const { value: container } = at;
    if (!isContainer(container)) continue;
    if (isObject(container) && isConnector(container)) {
      found.push({ value: container, pointer: at.pointer, body: bodyAround(at) });
      continue;
    }
    for (const [member, inner] of Object.entries(container).toReversed())
      open.push({ value: inner, pointer: below(at.pointer, member), member, around: at });
  }
  return found;
}

interface Around {
  value: unknown;
  pointer: string;
  member: string;
  around: Around | undefined;
}

function isConnector(value: JsonObject): boolean {
  return (
    typeof value['connector.class'] === 'string' ||
    (hasBody(value) && (manifestOf(value) !== undefined || isMirrorMaker(value)))
  );
}

/** Without one of them it only names a resource: `ownerReferences`, a health check of Flux. */
function hasBody({ metadata, spec }: JsonObject): boolean {
  return isObject(metadata) || isObject(spec);
}

function bodyAround({ member, around }: Around): Nested['body'] {
  if (member !== 'config' || around === undefined || !isObject(around.value)) return undefined;
  const { value, pointer } = around;
  return typeof value['name'] === 'string' ? { value, pointer } : undefined;
}
