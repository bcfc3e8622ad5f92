// The engines by the form of the registry's address. An engine is loaded only where it is used.
import { SecretregError } from '../errors.ts';
import { shownAddress } from './shown-address.ts';
import { sqliteVersionProblem } from './sqlite/sqlite-version.ts';
import type { Store } from './store.ts';

/**
 * The store that an address such as `file:/abs/registry.db` names; not opened yet. A topic takes the settings of its
 * client from `kafkastore`, and `tell` gets a sentence on each that does not do what its writer hoped. Fails with
 * settings-invalid or node-too-old.
 */
export async function openStore(
  registry: string,
  kafkastore: ReadonlyMap<string, string>,
  tell: (note: string) => void,
): Promise<Store> {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(registry)?.[1]?.toLowerCase() ?? '';
  switch (scheme) {
    case 'file':
      return sqliteStore(registry);
    case 'kafka':
      return kafkaStore(registry, kafkastore, tell);
    default:
      throw new SecretregError(
        'settings-invalid',
        {
          place: `registry '${shownAddress(registry)}'`,
          reason:
            'it should be file:PATH, kafka://host:9092/topic, or the https://host of a server',
        },
        hintWithScheme(registry),
      );
  }
}

/** The given address with the scheme that it lacks. Only plain names of hosts, topics and files, so no password is shown. */
function hintWithScheme(registry: string): { hint?: string } {
  if (/^[\w.-]+:\d{1,5}(,[\w.-]+:\d{1,5})*(\/[\w.-]*)?$/.test(registry))
    return { hint: `kafka://${registry}` };
  if (/^\/[\w./-]*\w$|^[\w./-]+\.db$/.test(registry)) return { hint: `file:${registry}` };
  return {};
}

async function kafkaStore(
  registry: string,
  kafkastore: ReadonlyMap<string, string>,
  tell: (note: string) => void,
): Promise<Store> {
  const [{ KafkaStore }, { kafkaStoreOptions }] = await Promise.all([
    import('./kafka/kafka-store.ts'),
    import('./kafka/settings.ts'),
  ]);
  const { options, notes } = kafkaStoreOptions(registry, kafkastore);
  for (const note of notes) tell(note);
  return new KafkaStore(options);
}

async function sqliteStore(registry: string): Promise<Store> {
  const file = registry.slice('file:'.length);
  // file:///path is the same place written as a URL with an empty host.
  const path = file.startsWith('///') ? file.slice(2) : file;
  if (!path.startsWith('/') || path.startsWith('//') || path.endsWith('/')) {
    throw new SecretregError('settings-invalid', {
      place: `registry '${shownAddress(registry)}'`,
      reason: 'after file: comes the absolute path of a file',
    });
  }
  requireSqlite();
  const { SqliteStore } = await import('./sqlite/sqlite-store.ts');
  return new SqliteStore({ file: path });
}

/** Called before the engine is imported: a Node.js built without node:sqlite would fail with a message that does not say so. */
function requireSqlite(): void {
  const { node, sqlite } = process.versions;
  const reason = sqliteVersionProblem(sqlite);
  if (reason !== undefined) throw new SecretregError('node-too-old', { node, reason });
}
