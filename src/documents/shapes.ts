// Which connectors a document describes. Decided by what is in it, never by the name of the file; a value that
// describes none (package.json, tsconfig.json) gives none.
import type { SourceDocument } from './document.ts';
import { ansibleItems } from './ansible.ts';
import { at, isOfStrimzi, itemsOf, type Manifest, manifestOf } from './manifests.ts';
import { isMirrorMaker, type MirrorPart, mirrorParts } from './mirror-maker.ts';
import { isComputed, withoutHead } from './cloudformation.ts';
import { type BodyMembers, nestedIn, REST_BODY } from './nested.ts';
import { FILLED_IN, isPlaceholder, isVariable } from './template.ts';
import { below, isContainer, isObject, type JsonObject, scalarText } from './plain-value.ts';

/** One setting. `value` is what Kafka Connect gets: numbers and booleans as text. */
export interface Entry {
  key: string;
  value: string | null;
  /** JSON pointer of the value. */
  pointer: string;
}

/** A setting that has a value. */
export type SettingEntry = Entry & { value: string };

export function hasValue(entry: Entry): entry is SettingEntry {
  return entry.value !== null;
}

export interface ConnectorName {
  text: string;
  /** JSON pointer of the value or, where `isMember`, of the member whose name it is. */
  pointer: string;
  /** What messages call the place: `name`, `config.name`. */
  place: string;
  isMember: boolean;
}

export interface Connector {
  /** The document of its pointers: the file's, or one inside it. */
  document: SourceDocument;
  /** The first of `names`, or else `nameInUrl`; undefined where the document gives none. */
  name: string | undefined;
  /** Every place that names the connector, in the order in which they count. */
  names: ConnectorName[];
  /** JSON pointers of the object that describes the connector, and of its settings. */
  pointer: string;
  configPointer: string;
  /** True for shapes that cannot be sent without a name; a flat map may have it in the URL. */
  needsName: boolean;
  /** Paths of the name and the class in a shape that calls them otherwise, such as `metadata`, `name`. */
  called?: { name: readonly string[]; class: readonly string[] };
  /** That of the URL to which the settings are sent, where one says it. */
  nameInUrl?: string;
  /** True for a resource of Strimzi's, whose workers have providers of their own. */
  isOfStrimzi?: true;
  entries: Entry[];
  /** Whether an expression or a template, not evaluated here, gives the name, or settings beside `entries`. */
  unknown?: { name: boolean; settings: boolean };
}

export interface ShapeOptions {
  /** True for a text that holds a reference to the registry: a flat map with such a value is a connector's. */
  holdsReference(text: string): boolean;
}

export function connectorsIn(document: SourceDocument, options: ShapeOptions): Connector[] {
  const from = { document, ...options };
  return document.roots.flatMap(({ pointer, value }) => describedBy(value, pointer, from));
}

interface Origin {
  document: SourceDocument;
}

interface From extends Origin, ShapeOptions {}

function describedBy(value: unknown, pointer: string, from: From): Connector[] {
  const own = Array.isArray(value) ? inList(value, pointer, from) : inObject(value, pointer, from);
  if (own.length > 0) return own;
  const listed = inAnsible(value, pointer, from);
  return listed.length > 0 ? listed : inside(value, pointer, from);
}

function inObject(value: unknown, pointer: string, from: From): Connector[] {
  if (!isObject(value)) return [];
  const own = ofObject(value, pointer, from);
  return own.length > 0 ? own : expanded(value, pointer, from);
}

/** True where a text may describe a connector: for what is parsed next, which tells whether it does. */
export function mentionsConnector(text: string): boolean {
  return isOfConnectors(text) || ALSO_OF_CONNECTORS.test(text);
}

/**
 * True where a text that cannot be parsed was meant to describe a connector. That of another program (launch.json with its
 * remarks and `${command:PickProcess}`, Spring's application.yml) is for its own reader to judge.
 */
export function isMeantAsConnector(text: string, options: ShapeOptions): boolean {
  return isOfConnectors(text) || options.holdsReference(text);
}

function isOfConnectors(text: string): boolean {
  return ONLY_OF_CONNECTORS.test(text) || (OF_CONFLUENT.test(text) && KIND_OF_CONFLUENT.test(text));
}

/** Confluent's operator has resources of many kinds. */
const OF_CONFLUENT = /platform\.confluent\.io/i;
const KIND_OF_CONFLUENT = /\bkind["']?\s*[:=]\s*["']?Connector\b/i;

/** Settings, the beginning of a body of REST, and what operators, Ansible, Terraform and ksqlDB call a connector. */
const ONLY_OF_CONNECTORS =
  /connector\.class|tasks\.max|"name"\s*:\s*"[^"\n]{0,255}"\s*,\s*"config"\s*:\s*\{|connectorClass|KafkaConnector|KafkaMirrorMaker2|kafka_connect_connectors|"(?:kafka-connect|confluent)_connector"|"aiven_kafka_connector"|"aws_mskconnect_connector"|\bCREATE\s+(?:SOURCE|SINK)\s+CONNECTOR\b/i;

/** Of many other programs too. A shell's `${VAR:-default}` is no reference. */
const ALSO_OF_CONNECTORS = /"config"|\$\{[\w-]+:(?![-=?+])/i;

/** Settings that only a connector has. */
const CONNECTOR_SETTINGS = [
  'connector.class',
  'tasks.max',
  'topics.regex',
  'key.converter',
  'value.converter',
  'errors.tolerance',
];

/** The members that `GET /connectors/NAME` gives and `POST /connectors` takes. */
const REST_MEMBERS: ReadonlySet<string> = new Set([
  'name',
  'config',
  'tasks',
  'type',
  'initial_state',
]);

function ofObject(value: JsonObject, pointer: string, from: From): Connector[] {
  const own = ofResource(value, pointer, from);
  if (own !== undefined) return own;
  const items = itemsOf(value);
  if (items !== undefined) return inList(items, `${pointer}/items`, from);
  const { config } = value;
  if (isObject(config)) {
    return isSettings(config, from) || isRestBody(value, from)
      ? [restBody(value, config, pointer, from)]
      : [];
  }
  return isSettings(value, from) ? [flatMap(value, pointer, from)] : [];
}

/** What `type` is in an answer of Connect (ConnectorType). */
const REST_TYPES: ReadonlySet<unknown> = new Set(['source', 'sink', 'unknown', undefined]);

/** For settings without anything that only a connector has. Not in YAML, where the files of many tools have a `config`. */
function isRestBody(value: JsonObject, { document }: From): boolean {
  return (
    document.format !== 'yaml' &&
    Object.keys(value).every((name) => REST_MEMBERS.has(name)) &&
    REST_TYPES.has(value['type'])
  );
}

function isSettings(value: JsonObject, options: ShapeOptions): boolean {
  if (CONNECTOR_SETTINGS.some((name) => Object.hasOwn(value, name))) return true;
  const values = Object.values(value);
  if (values.some(isContainer)) return false;
  return values.some((it) => typeof it === 'string' && options.holdsReference(it));
}

function restBody(
  body: JsonObject,
  config: JsonObject,
  pointer: string,
  from: From,
  { name, settings }: BodyMembers = REST_BODY,
): Connector {
  const names: ConnectorName[] = [];
  const configPointer = `${pointer}/${settings}`;
  // Connect trims the name of a POST body, and only that one (ConnectorsResource.createConnector).
  addName(names, nameText(body[name])?.trim(), `${pointer}/${name}`, name);
  addName(names, nameText(config['name']), `${configPointer}/name`, `${settings}.name`);
  return connector(from, { names, pointer, configPointer, needsName: true }, config);
}

export function flatMap(config: JsonObject, pointer: string, from: Origin): Connector {
  const names: ConnectorName[] = [];
  addName(names, nameText(config['name']), `${pointer}/name`, 'name');
  return connector(from, { names, pointer, configPointer: pointer, needsName: false }, config);
}

/** `GET /connectors?expand=info`, with `expand=status` or without. */
function expanded(value: JsonObject, root: string, from: From): Connector[] {
  const members = Object.entries(value);
  if (!members.every(([, it]) => isObject(it) && (isObject(it['info']) || isObject(it['status']))))
    return [];
  return members.flatMap(([member, it]) => {
    const info = isObject(it) ? it['info'] : undefined;
    if (!isObject(info) || !isObject(info['config'])) return [];
    const pointer = below(root, member);
    const body = restBody(info, info['config'], `${pointer}/info`, from);
    const names = [
      { text: member, pointer, place: 'the member around it', isMember: true },
      ...body.names,
    ];
    return [{ ...body, name: member, names }];
  });
}

function ofManifest(
  manifest: Manifest,
  resource: JsonObject,
  pointer: string,
  from: Origin,
): Connector {
  const names: ConnectorName[] = [];
  for (const path of manifest.names)
    addName(names, nameText(at(resource, path)), path.reduce(below, pointer), path.join('.'));
  const configPointer = configOf(manifest, resource).reduce(below, pointer);
  const head = { names, pointer, configPointer, needsName: true, called: manifest.called };
  const made = connector(from, head, manifest.settings);
  const fields = manifest.fields.map(({ key, path, value }) => {
    const member = path.at(-1) ?? '';
    return new Setting(key, value, path.slice(0, -1).reduce(below, pointer), member);
  });
  return {
    ...made,
    ...unknownOf({
      name: manifest.isNamedLater || made.unknown?.name === true,
      settings: made.unknown?.settings === true || isClassOpen(manifest, resource),
    }),
    entries: [...fields, ...made.entries],
  };
}

/** Undefined for what is no resource of an operator. */
export function ofResource(
  value: JsonObject,
  pointer: string,
  from: Origin,
): Connector[] | undefined {
  const made = madeOf(value, pointer, from);
  return isOfStrimzi(value['apiVersion'])
    ? made?.map((one) => ({ ...one, isOfStrimzi: true }))
    : made;
}

function madeOf(value: JsonObject, pointer: string, from: Origin): Connector[] | undefined {
  const manifest = manifestOf(value);
  if (manifest !== undefined) return [ofManifest(manifest, value, pointer, from)];
  if (!isMirrorMaker(value)) return undefined;
  return mirrorParts(value).map((part) => ofMirrorPart(part, pointer, from));
}

/** The class, topics and clusters stand elsewhere. The settings of a cluster are those of several connectors. */
function ofMirrorPart({ path, settings, connector: own }: MirrorPart, root: string, from: Origin) {
  const configPointer = path.reduce(below, root);
  const pointer = own?.path.reduce(below, root) ?? configPointer;
  const names: ConnectorName[] = [];
  if (own?.name !== undefined)
    names.push({ text: own.name, pointer, place: 'the mirror around it', isMember: true });
  const made = connector(from, { names, pointer, configPointer, needsName: false }, settings);
  return { ...made, unknown: { name: made.name === undefined, settings: true } };
}

/** The path of the settings; where a resource has none, that of the nearest object that would hold them. */
function configOf({ config }: Manifest, resource: JsonObject): readonly string[] {
  let path = config;
  while (at(resource, path) === undefined) path = path.slice(0, -1);
  return path;
}

function inList(items: readonly unknown[], pointer: string, from: From): Connector[] {
  return items.flatMap((item, index) =>
    isObject(item) ? ofObject(item, `${pointer}/${index}`, from) : [],
  );
}

/** The name of the list says what its items are: they need not look like connectors. */
function inAnsible(value: unknown, pointer: string, from: From): Connector[] {
  return ansibleItems(value, pointer).map((item) => {
    const { config } = item.value;
    return isObject(config)
      ? restBody(item.value, config, item.pointer, from)
      : flatMap(item.value, item.pointer, from);
  });
}

/** A name that is not among the settings may stand in a URL, or be that of a member: it is unknown. */
export function inside(root: unknown, start: string, from: From): Connector[] {
  return nestedIn(root, start).flatMap(({ value, pointer, body, nameInUrl }) => {
    const own = ofResource(value, pointer, from);
    if (own !== undefined) return own.map(asPart);
    if (body !== undefined) return [restBody(body.value, value, body.pointer, from, body.members)];
    const settings = flatMap(value, pointer, from);
    if (nameInUrl !== undefined) settings.nameInUrl = nameInUrl;
    settings.name ??= nameInUrl;
    if (settings.name === undefined)
      settings.unknown = { name: true, settings: settings.unknown?.settings === true };
    return [settings];
  });
}

/** A resource without a name inside of another is a patch of Kyverno's, or what Crossplane names: the rest stands elsewhere. */
function asPart(resource: Connector): Connector {
  return resource.name === undefined
    ? { ...resource, unknown: { name: true, settings: true } }
    : resource;
}

/** Its pointer is made on demand: few settings need one. */
class Setting implements Entry {
  readonly key: string;
  readonly value: string | null;
  readonly #parent: string;
  readonly #member: string;

  constructor(key: string, value: unknown, parent: string, member: string) {
    this.key = key;
    this.value = scalarText(value) ?? null;
    this.#parent = parent;
    this.#member = member;
  }

  get pointer(): string {
    return below(this.#parent, this.#member);
  }
}

/** A name that is computed takes the place of one: it stands in it as in a template. */
function nameText(value: unknown): string | undefined {
  return isComputed(value) ? FILLED_IN : scalarText(value);
}

/** Whether the class of a resource, or what it would stand in, is computed. */
function isClassOpen({ called }: Manifest, resource: JsonObject): boolean {
  return called.class.some((_, end) => isComputed(at(resource, called.class.slice(0, end + 1))));
}

function unknownOf(unknown: { name: boolean; settings: boolean }): Pick<Connector, 'unknown'> {
  return unknown.name || unknown.settings ? { unknown } : {};
}

type Head = Pick<Connector, 'names' | 'pointer' | 'configPointer' | 'needsName' | 'called'>;

function connector({ document }: Origin, head: Head, config: JsonObject): Connector {
  const entries: Entry[] = [];
  for (const key of Object.keys(config)) {
    addEntries(entries, key, config[key], head.configPointer, key);
  }
  const names = head.names.filter(({ text }) => !isPlaceholder(text) && !isVariable(text));
  return {
    ...head,
    document,
    names,
    name: names[0]?.text,
    entries,
    ...unknownOf({
      name: names.length < head.names.length,
      settings: isComputed(config['connector.class']),
    }),
  };
}

/** Connect takes no objects and lists as values. What stands in them is checked all the same. */
function addEntries(
  entries: Entry[],
  key: string,
  value: unknown,
  parent: string,
  member: string,
): void {
  if (!isContainer(value) || isComputed(value)) {
    entries.push(new Setting(key, value, parent, member));
    return;
  }
  const pointer = below(parent, member);
  for (const [name, inner] of Object.entries(value))
    addEntries(entries, key, withoutHead(name, inner), pointer, name);
}

function addName(
  names: ConnectorName[],
  text: string | undefined,
  pointer: string,
  place: string,
): void {
  if (text !== undefined && text.trim() !== '')
    names.push({ text, pointer, place, isMember: false });
}
