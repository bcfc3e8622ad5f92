// Which settings connectors declare as passwords (`ConfigDef.Type.PASSWORD`): what scripts/config-defs.ts read from
// their jars, and, for those whose jars are not on Maven Central, what their published source says, kept by hand.
import documented from './documented-settings.json' with { type: 'json' };
import read from './password-settings.json' with { type: 'json' };

/**
 * - `password`: declared so, and hidden by the worker.
 * - `plain`: declared as something else.
 * - `elsewhere`: the table does not have the class; all classes that have a setting of that name declare a password.
 * - `unknown`: the table does not have the class, or not this setting of it.
 */
export type DeclaredType = 'password' | 'plain' | 'elsewhere' | 'unknown';

export function declaredType(connectorClass: string | undefined, name: string): DeclaredType {
  if (NO_SECRETS.has(name)) return 'plain';
  if (isOfClients(name)) return 'password';
  const classes = connectorClass === undefined ? [] : classesNamed(connectorClass);
  if (classes.length === 0) return ELSEWHERE.has(name) ? 'elsewhere' : 'unknown';
  if (classes.some(({ passwords }) => passwords.includes(name))) return 'password';
  return classes.every((it) => isPlainIn(it, name)) ? 'plain' : 'unknown';
}

/** What the class declares as passwords; empty for one that is not known. */
export function passwordsOf(connectorClass: string): string[] {
  return [...new Set(classesNamed(connectorClass).flatMap(({ passwords }) => passwords))].filter(
    (name) => !NO_SECRETS.has(name),
  );
}

interface ClassSettings {
  passwords: readonly string[];
  plain: ReadonlyArray<readonly string[]>;
}

/** A query that is hidden, not a credential: `query.masked` of the JDBC source. */
const NO_SECRETS: ReadonlySet<string> = new Set(['query.masked']);

const byClass = new Map<string, ClassSettings>();
const byAlias = new Map<string, ClassSettings[]>();
for (const table of [read, documented]) {
  for (const classes of Object.values<Record<string, { passwords: string[]; plain: number[] }>>(
    table.sources,
  )) {
    for (const [name, { passwords, plain }] of Object.entries(classes)) {
      const settings = { passwords, plain: plain.map((number) => table.plain[number] ?? []) };
      byClass.set(name, settings);
      for (const alias of aliasesOf(name))
        byAlias.set(alias, [...(byAlias.get(alias) ?? []), settings]);
    }
  }
}

/** Passwords of Kafka's clients: a worker hands them on from `producer.override.…`, a connector from prefixes of its own. */
const OF_CLIENTS: readonly string[] = [
  ...new Set(
    [...byClass].flatMap(([name, { passwords }]) =>
      name.startsWith('org.apache.kafka.clients.') ? passwords : [],
    ),
  ),
];

const PLAIN_SOMEWHERE: ReadonlySet<string> = new Set(
  [read, documented].flatMap(({ plain }) => plain.flat()),
);

const ELSEWHERE: ReadonlySet<string> = new Set(
  [...byClass.values()]
    .flatMap(({ passwords }) => passwords)
    .filter((name) => !PLAIN_SOMEWHERE.has(name)),
);

function isOfClients(name: string): boolean {
  return OF_CLIENTS.some((it) => name === it || name.endsWith(`.${it}`));
}

function isPlainIn({ passwords, plain }: ClassSettings, name: string): boolean {
  if (passwords.includes(name)) return false;
  return plain.some((names) =>
    names.some((it) => it === name || (it.endsWith('*') && name.startsWith(it.slice(0, -1)))),
  );
}

function classesNamed(name: string): readonly ClassSettings[] {
  const whole = byClass.get(name);
  return whole === undefined ? (byAlias.get(name) ?? []) : [whole];
}

/** Connect takes the class without its package too, and without `Connector` at its end (PluginUtils). */
function aliasesOf(name: string): string[] {
  const simple = name.slice(name.lastIndexOf('.') + 1);
  return simple.endsWith('Connector') ? [simple, simple.slice(0, -'Connector'.length)] : [simple];
}
