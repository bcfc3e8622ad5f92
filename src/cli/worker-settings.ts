// The settings of a worker: from its own file, or from the resource of which an operator in Kubernetes makes that file.
// https://strimzi.io/docs/operators/latest/configuring.html#type-KafkaConnectSpec-reference
// https://docs.confluent.io/operator/current/co-configure-overrides.html
import { parse } from 'dot-properties';
import { at, itemsOf } from '../documents/manifests.ts';
import { isObject, type JsonObject, scalarText } from '../documents/plain-value.ts';
import { shellWord } from '../domain/shell-word.ts';
import { SecretregError } from '../errors.ts';

type Settings = ReadonlyMap<string, string>;

/** Fails with file-unreadable or settings-invalid for a resource that gives the settings of no worker, or of several. */
export async function workerSettings(text: string, file: string): Promise<Settings> {
  if (!isResource(text)) return propertiesIn(text);
  const { readSource } = await import('../documents/read.ts');
  const { documents } = await readSource(text, { holdsReference: () => false });
  if (documents.some(({ problems }) => problems.length > 0)) throw notClear(file);
  const values = documents.flatMap(({ roots }) => roots.map(({ value }) => value));
  const [found, ...others] = values.flatMap(workersIn);
  if (found === undefined)
    throw notOne(file, values.some(isOfKubernetes) ? OTHER_RESOURCE : NO_RESOURCE);
  if (others.length > 0)
    throw notOne(
      file,
      `it has the settings of ${others.length + 1} workers: which one is meant is not known`,
    );
  return found;
}

export function propertiesIn(text: string): Settings {
  return new Map(Object.entries(parse(text) as Record<string, string>));
}

function isResource(text: string): boolean {
  const isJson = /^\s*\{/.test(text);
  return isJson || /^[ \t]*"?apiVersion"?[ \t]*:/m.test(text);
}

function workersIn(resource: unknown): Settings[] {
  if (!isObject(resource)) return [];
  const items = itemsOf(resource);
  if (items !== undefined) return items.flatMap(workersIn);
  const { apiVersion, kind } = resource;
  const [group] = typeof apiVersion === 'string' ? apiVersion.split('/', 1) : [];
  if (group === 'kafka.strimzi.io' && kind === 'KafkaConnect') {
    const config = at(resource, ['spec', 'config']);
    return [settingsOf(isObject(config) ? config : {})];
  }
  if (group !== 'platform.confluent.io' || kind !== 'Connect') return [];
  const lines: unknown = at(resource, ['spec', 'configOverrides', 'server']);
  return [propertiesIn(Array.isArray(lines) ? lines.join('\n') : '')];
}

function settingsOf(config: JsonObject): Settings {
  const settings = new Map<string, string>();
  for (const [name, value] of Object.entries(config)) {
    const text = scalarText(value);
    if (text !== undefined) settings.set(name, text);
  }
  return settings;
}

function notClear(file: string): SecretregError {
  const reason = 'what it says is not clear in every place';
  const hint = `secretreg validate ${shellWord(file)}`;
  return new SecretregError('file-unreadable', { file, reason }, { hint });
}

function isOfKubernetes(value: unknown): boolean {
  return isObject(value) && typeof value['apiVersion'] === 'string';
}

const OTHER_RESOURCE =
  "it is a resource of Kubernetes, and neither a KafkaConnect of Strimzi's nor a Connect of Confluent's, which have the settings of a worker";
const NO_RESOURCE =
  "it is JSON, in which only a KafkaConnect of Strimzi's and a Connect of Confluent's have the settings of a worker: its own file is .properties";

function notOne(file: string, reason: string): SecretregError {
  return new SecretregError('settings-invalid', { place: file, reason });
}
