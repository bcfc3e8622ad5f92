// Makes the log-in of kafkajs from `kafkastore.sasl.*`. Where the mechanism is not named, the login module may tell it: the
// published example of a worker has neither `security.protocol` nor `sasl.mechanism`.
import type { SASLOptions } from 'kafkajs';
import { bearerTokens, type TokenSource } from './bearer-tokens.ts';
import { clientCredentials } from './client-credentials.ts';
import { type ClientSettings, invalid } from './client-settings.ts';
import { type JaasEntry, parseJaas } from './jaas.ts';
import { metadataServerLogin } from './metadata-server-login.ts';
import { type Mechanism, MECHANISMS } from './security.ts';

/** By the last part of the name: the packages differ between versions of Kafka. */
const MODULES = {
  PlainLoginModule: ['PLAIN'],
  ScramLoginModule: ['SCRAM-SHA-256', 'SCRAM-SHA-512'],
  OAuthBearerLoginModule: ['OAUTHBEARER'],
} satisfies Record<string, Mechanism[]>;
type ModuleName = keyof typeof MODULES;

const MODULE_CLASSES: Record<ModuleName, string> = {
  PlainLoginModule: 'org.apache.kafka.common.security.plain.PlainLoginModule',
  ScramLoginModule: 'org.apache.kafka.common.security.scram.ScramLoginModule',
  OAuthBearerLoginModule: 'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule',
};

export interface Login {
  mechanism: Mechanism;
  options: SASLOptions;
  /** Undefined where the broker takes it from a token. */
  user?: string;
}

/** Fails with settings-invalid. `ca`: the authorities that the brokers are checked with, for token servers too. */
export function loginOf(settings: ClientSettings, ca: string[] | undefined): Login {
  const { handler, jaas } = jaasAndHandler(settings);
  const entry = requireEntry(jaas);
  const module = moduleOf(entry);
  const mechanism = mechanismOf(settings, module);
  const { options } = entry;
  switch (mechanism) {
    case 'PLAIN':
      return withUser(mechanism, 'plain', options);
    case 'SCRAM-SHA-256':
      return withUser(mechanism, 'scram-sha-256', options);
    case 'SCRAM-SHA-512':
      return withUser(mechanism, 'scram-sha-512', options);
    case 'OAUTHBEARER': {
      const source = tokenSourceOf(settings, handler, options, ca);
      const extensions = extensionsOf(options);
      const tokens = bearerTokens(source);
      const oauthBearerProvider = async () => ({ value: await tokens(), extensions });
      return { mechanism, options: { mechanism: 'oauthbearer', oauthBearerProvider } };
    }
  }
}

/**
 * In the published example two settings have run together: the text of the login follows the name of the handler, and
 * the login module itself got lost. What is meant can be told.
 */
function jaasAndHandler(settings: ClientSettings): { handler: string; jaas: string | undefined } {
  const given = settings.get('sasl.login.callback.handler.class') ?? '';
  const [, handler = given, text = ''] = /^(\S+)\s+([^]*)$/.exec(given) ?? [];
  const own = settings.get('sasl.jaas.config');
  if (own !== undefined || text === '') return { handler, jaas: own };
  const isWithoutModule = /^(required|requisite|sufficient|optional)\s/i.test(text);
  const jaas = isWithoutModule ? `${MODULE_CLASSES.OAuthBearerLoginModule} ${text}` : text;
  return { handler, jaas };
}

function requireEntry(jaas: string | undefined): JaasEntry {
  const example = `${MODULE_CLASSES.ScramLoginModule} required username="…" password="…";`;
  if (jaas === undefined) {
    throw invalid(
      'sasl.jaas.config',
      'it is missing, and the security protocol asks for a log-in',
      `kafkastore.sasl.jaas.config=${example}`,
    );
  }
  const parsed = parseJaas(jaas);
  if (parsed.ok) return parsed.value;
  const { character, reason } = parsed.problem;
  throw invalid('sasl.jaas.config', `at character ${character}: ${reason}`, example);
}

function moduleOf({ module }: JaasEntry): ModuleName {
  const known = Object.keys(MODULES) as ModuleName[];
  const name = known.find((one) => module.split('.').at(-1) === one);
  if (name !== undefined) return name;
  throw invalid(
    'sasl.jaas.config',
    `its login module is not one that is known here; there are ${Object.values(MODULE_CLASSES).join(', ')}`,
  );
}

function mechanismOf(settings: ClientSettings, module: ModuleName): Mechanism {
  const fitting: readonly Mechanism[] = MODULES[module];
  const given = settings.get('sasl.mechanism')?.toUpperCase();
  const mechanism = MECHANISMS.find((one) => one === given);
  if (given === undefined) {
    const [only] = fitting;
    if (only !== undefined && fitting.length === 1) return only;
    throw invalid(
      'sasl.mechanism',
      `it is missing; with ${module} it is ${fitting.join(' or ')}`,
      `kafkastore.sasl.mechanism=${fitting.at(-1)}`,
    );
  }
  if (mechanism === undefined)
    throw invalid(
      'sasl.mechanism',
      `there are ${MECHANISMS.join(', ')} here, and this is none of them`,
    );
  if (fitting.includes(mechanism)) return mechanism;
  const right = (Object.keys(MODULES) as ModuleName[]).find((one) =>
    (MODULES[one] as readonly Mechanism[]).includes(mechanism),
  );
  throw invalid(
    'sasl.jaas.config',
    `its login module ${module} does not fit kafkastore.sasl.mechanism=${mechanism}; that one takes ${right}`,
    right && `${MODULE_CLASSES[right]} required …;`,
  );
}

function withUser(
  mechanism: Mechanism,
  name: 'plain' | 'scram-sha-256' | 'scram-sha-512',
  options: ReadonlyMap<string, string>,
): Login {
  const user = userOf(options);
  return { mechanism, options: { mechanism: name, ...user }, user: user.username };
}

function userOf(options: ReadonlyMap<string, string>): { username: string; password: string } {
  return {
    username: requireOption(options, 'username'),
    password: requireOption(options, 'password'),
  };
}

function requireOption(options: ReadonlyMap<string, string>, name: string): string {
  const value = options.get(name);
  if (value === undefined || value === '')
    throw invalid('sasl.jaas.config', `the option ${name} is missing or empty`);
  return value;
}

function tokenSourceOf(
  settings: ClientSettings,
  handler: string,
  options: ReadonlyMap<string, string>,
  ca: string[] | undefined,
): TokenSource {
  const name = handler.split('.').at(-1);
  if (
    name === 'TokenUserLoginCallbackHandler' ||
    (name === '' && options.has('metadataServerUrls'))
  ) {
    const urls = requireOption(options, 'metadataServerUrls');
    return metadataServerLogin(settings, { ...userOf(options), urls, ca });
  }
  if (name === 'OAuthBearerLoginCallbackHandler' || name === '')
    return clientCredentials(settings, options, ca);
  throw invalid(
    'sasl.login.callback.handler.class',
    'there are OAuthBearerLoginCallbackHandler (client credentials) and TokenUserLoginCallbackHandler (a metadata server) here, and this is neither',
  );
}

/** SASL extensions, such as `extension_logicalCluster` of Confluent Cloud. */
function extensionsOf(options: ReadonlyMap<string, string>): Record<string, string> {
  const prefix = 'extension_';
  return Object.fromEntries(
    [...options]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value]),
  );
}
