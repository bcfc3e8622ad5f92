// Connectors that stand somewhere inside a file: in the body of an Ansible task, the values of a Helm chart, the objects of
// an OpenShift template. They are recognised by what only a connector has: its class, or the kind of its resource.
import { isComputed } from './cloudformation.ts';
import { connectorInUrl } from './connector-url.ts';
import { manifestOf } from './manifests.ts';
import { isMirrorMaker } from './mirror-maker.ts';
import { below, isContainer, isObject, type JsonObject } from './plain-value.ts';

export interface Nested {
  /** The settings, or the resource. */
  value: JsonObject;
  pointer: string;
  /** The object whose member the settings are, if it has a name. */
  body: Body | undefined;
  /** In the `url` of the same task, whose body the settings are. */
  nameInUrl: string | undefined;
}

export interface Body {
  value: JsonObject;
  pointer: string;
  members: BodyMembers;
}

/** Where an object has the settings of a connector, and its name. */
export interface BodyMembers {
  settings: string;
  name: string;
}

/** https://kafka.apache.org/documentation/#connect_rest */
export const REST_BODY: BodyMembers = { settings: 'config', name: 'name' };

const BODIES: readonly BodyMembers[] = [
  REST_BODY,
  // Amazon MSK Connect: https://docs.aws.amazon.com/MSKC/latest/mskc/v1-connectors.html
  { settings: 'connectorConfiguration', name: 'connectorName' },
  // AWS::KafkaConnect::Connector of CloudFormation
  { settings: 'ConnectorConfiguration', name: 'ConnectorName' },
  // aws:mskconnect:Connector of Pulumi
  { settings: 'connectorConfiguration', name: 'name' },
];

/** In the order of the file. Of connectors inside each other, only the outermost. */
export function nestedIn(value: unknown, pointer: string): Nested[] {
  const found: Nested[] = [];
  const open: Around[] = [{ value, pointer, member: '', around: undefined }];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const { value: container } = at;
    if (!isContainer(container)) continue;
    if (isObject(container) && isConnector(container)) {
      found.push({
        value: container,
        pointer: at.pointer,
        body: bodyAround(at),
        nameInUrl: nameInUrl(at),
      });
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
    isComputed(value['connector.class']) ||
    (hasBody(value) && (manifestOf(value) !== undefined || isMirrorMaker(value)))
  );
}

/** Without one of them it only names a resource: `ownerReferences`, a health check of Flux. */
function hasBody({ metadata, spec }: JsonObject): boolean {
  return isObject(metadata) || isObject(spec);
}

function bodyAround({ member, around }: Around): Nested['body'] {
  if (around === undefined || !isObject(around.value)) return undefined;
  const { value, pointer } = around;
  const members = BODIES.find(
    ({ settings, name }) =>
      settings === member && (typeof value[name] === 'string' || isComputed(value[name])),
  );
  return members && { value, pointer, members };
}

/** Ansible's `uri` and other clients take the body of a request beside its address. */
function nameInUrl({ member, around }: Around): string | undefined {
  if (member !== 'body' || !isObject(around?.value)) return undefined;
  const { url } = around.value;
  return typeof url === 'string' ? connectorInUrl(url) : undefined;
}
