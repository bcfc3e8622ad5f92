// The connector of a `.properties` file, as `connect-standalone` takes it behind the worker's own file.
import type { SourceDocument } from '../document.ts';
import { type Connector, flatMap, type ShapeOptions } from '../shapes.ts';

/** One or none. A file of another kind may hold the same reference: Spring reads `${secret:x}` in its files too. */
export function connectorOfProperties(
  document: SourceDocument,
  options: ShapeOptions,
): Connector[] {
  const [root] = document.roots;
  if (root === undefined) return [];
  const settings = root.value as Record<string, string>;
  const isConnector = Object.hasOwn(settings, 'connector.class')
    ? true
    : !has(settings, WORKER_SETTINGS) &&
      (has(settings, CONNECTOR_SETTINGS) ||
        (Object.hasOwn(settings, 'name') &&
          Object.values(settings).some((it) => options.holdsReference(it))));
  return isConnector ? [{ ...flatMap(settings, root.pointer, { document }), needsName: true }] : [];
}

/** A worker has converters, and references to the secrets it needs itself; these only it has. */
const WORKER_SETTINGS = [
  'bootstrap.servers',
  'group.id',
  'plugin.path',
  'listeners',
  'config.storage.topic',
  'offset.storage.topic',
  'status.storage.topic',
  'offset.storage.file.filename',
];

/** With the class forgotten, it is one by these. */
const CONNECTOR_SETTINGS = [
  'tasks.max',
  'topics.regex',
  'key.converter',
  'value.converter',
  'errors.tolerance',
];

function has(settings: object, names: readonly string[]): boolean {
  return names.some((name) => Object.hasOwn(settings, name));
}
