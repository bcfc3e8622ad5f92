// The connector of a `.properties` file, as `connect-standalone` takes it behind the worker's own file.
import type { SourceDocument } from '../document.ts';
import { type Connector, type Entry, flatMap, type ShapeOptions } from '../shapes.ts';
import { isSettingName } from './setting-name.ts';

/** One or none. A file of another kind may hold the same reference: Spring reads `${secret:x}` in its files too. */
export function connectorOfProperties(
  document: SourceDocument,
  options: ShapeOptions,
): Connector[] {
  const [root] = document.roots;
  if (root === undefined) return [];
  const settings = root.value as Record<string, string>;
  const isConnector =
    Object.hasOwn(settings, 'connector.class') ||
    (!has(settings, WORKER_SETTINGS) &&
      (has(settings, CONNECTOR_SETTINGS) ||
        (Object.hasOwn(settings, 'name') &&
          (has(settings, CONVERTERS) ||
            Object.values(settings).some((it) => options.holdsReference(it))))));
  if (!isConnector) return [];
  const connector = flatMap(settings, root.pointer, { document });
  return [{ ...connector, needsName: true, entries: connector.entries.map(withShownName) }];
}

/** What is probably a further line of the value in front of it is checked too, but its text is not shown as a name. */
function withShownName(entry: Entry): Entry {
  return isSettingName(entry.key, entry.value)
    ? entry
    : { key: '…', value: entry.value, pointer: entry.pointer };
}

/** A worker's file has converters and references too. These only a worker has; the last one is MirrorMaker's. */
const WORKER_SETTINGS = [
  'bootstrap.servers',
  'group.id',
  'plugin.path',
  'listeners',
  'config.storage.topic',
  'offset.storage.topic',
  'status.storage.topic',
  'offset.storage.file.filename',
  'clusters',
];

/** A file with one of these is a connector's, even where the class was forgotten. */
const CONNECTOR_SETTINGS = ['tasks.max', 'topics.regex', 'errors.tolerance'];

/** These count only beside a name: Debezium Server and Debezium's connector for Cassandra have them in files without one. */
const CONVERTERS = ['key.converter', 'value.converter'];

function has(settings: object, names: readonly string[]): boolean {
  return names.some((name) => Object.hasOwn(settings, name));
}
