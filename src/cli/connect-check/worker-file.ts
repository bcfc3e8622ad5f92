// What stands in the worker's own file: the plugin's classes, and what is in it in clear. No value of it is shown but
// names of classes and providers.
import { parse } from 'dot-properties';
import { isLoopback } from '../../domain/loopback.ts';
import { scanReferences } from '../../domain/reference.ts';
import { credentialsIn } from '../../validator/secrets/credentials.ts';
import { kindsIn } from '../../validator/secrets/setting-kind.ts';
import type { Fact } from '../sections.ts';

const PROVIDER = 'io.secretreg.connect.SecretRegistryConfigProvider';
const EXTENSION = 'io.secretreg.connect.SecretRegistryRestExtension';
const AUTHORIZE = 'secret.registry.rest.authorize';
/** The provider of Confluent's Connect Secret Registry, by the last part of its name. */
const CONFLUENT = /\.InternalSecretConfigProvider$/;

export function workerFileFacts(text: string): Fact[] {
  const properties = new Map(Object.entries(parse(text) as Record<string, string>));
  const providers = listOf(properties.get('config.providers'));
  const ours = providers.filter((name) => classOf(properties, name) === PROVIDER);
  return [
    ...providers.map((name) => providerFact(name, classOf(properties, name))),
    ...(ours.length === 0 ? [noneFact(providers)] : []),
    ...ours.flatMap((name) => paramFacts(name, properties)),
    extensionFact(listOf(properties.get('rest.extension.classes'))),
    ...adminFacts(properties),
    plaintextFact(properties),
  ];
}

type Properties = ReadonlyMap<string, string>;

function classOf(properties: Properties, provider: string): string | undefined {
  return properties.get(`config.providers.${provider}.class`)?.trim();
}

function listOf(text = ''): string[] {
  return text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}

function providerFact(provider: string, className: string | undefined): Fact {
  const name = `provider ${provider}`;
  const setting = `config.providers.${provider}.class`;
  if (className === undefined || className === '')
    return {
      name,
      state: 'fail',
      text: `'${setting}' is missing: the worker leaves references to ${provider} as they stand, for a password`,
    };
  if (CONFLUENT.test(className))
    return {
      name,
      state: 'warn',
      text: `${className} is Confluent's own; hint: ${setting}=${PROVIDER}`,
    };
  return { name, state: 'ok', text: className };
}

function noneFact(providers: readonly string[]): Fact {
  const there = providers.length === 0 ? 'config.providers names none' : 'none of them is ours';
  return {
    name: 'providers',
    state: 'fail',
    text: `${there}; hint: config.providers=secret and config.providers.secret.class=${PROVIDER}`,
  };
}

function paramFacts(provider: string, properties: Properties): Fact[] {
  const name = `provider ${provider}`;
  const prefix = `config.providers.${provider}.param.`;
  const param = (key: string) => properties.get(prefix + key)?.trim() ?? '';
  const facts: Fact[] = [];
  if (param('url') === '')
    facts.push({
      name,
      state: 'fail',
      text: `'${prefix}url' is missing: it has no registry to ask`,
    });
  if (param('missing') === 'literal')
    facts.push({
      name,
      state: 'warn',
      text: `'${prefix}missing' is literal: a reference to a secret that is not there goes to the connector as it stands, for a password`,
    });
  const servers = [...properties.keys()].filter(
    (key) => /^(?:master|kafkastore)\./.test(key.slice(prefix.length)) && key.startsWith(prefix),
  );
  if (servers.length > 0)
    facts.push({
      name,
      state: 'warn',
      text: `${servers.join(', ')} ${servers.length === 1 ? 'is' : 'are'} the server's, and not used by the provider; hint: secretreg serve --worker-config FILE reads them, and the worker needs none of them`,
    });
  return facts;
}

function extensionFact(classes: readonly string[]): Fact {
  const name = 'rest.extension.classes';
  if (classes.includes(EXTENSION)) return { name, state: 'ok', text: EXTENSION };
  return {
    name,
    state: 'fail',
    text: `${EXTENSION} is missing, so that a connector may refer to the secrets of others; hint: rest.extension.classes=${[...classes, EXTENSION].join(',')}`,
  };
}

/** A listener of its own for `/admin` is one on which Connect registers no extension. */
function adminFacts(properties: Properties): Fact[] {
  const name = 'admin.listeners';
  const open = listOf(properties.get(name)).filter((one) => {
    const url = URL.parse(one);
    return url === null || !isLoopback(url);
  });
  if (open.length === 0 || properties.get(AUTHORIZE)?.trim() !== 'true') return [];
  return [
    {
      name,
      state: 'warn',
      text: `no extension is asked there: whoever reaches it changes loggers without a log-in, and at DEBUG the worker logs what callers log in with; hint: admin.listeners=    (none), or an address of loopback`,
    },
  ];
}

/** By their last words: of Kafka's own settings each with a password in it has such a name. */
const SECRET =
  /(?:^|[.-])(?:password|passphrase|secret|token|user\.info|jaas\.config|ssl\.keystore\.key|encryption(?:\.old)?\.key)$/;

function plaintextFact(properties: Properties): Fact {
  const plain = [...properties].filter(([key, value]) => isPlain(key, value)).map(([key]) => key);
  if (plain.length === 0)
    return { name: 'plaintext', state: 'ok', text: 'no password, key or token stands in it' };
  return {
    name: 'plaintext',
    state: 'warn',
    text: `${plain.join(', ')} ${plain.length === 1 ? 'has its value' : 'have their values'} in it; hint: \${file:…}, \${directory:…} or \${env:…} of Kafka's own providers, and token.file instead of token`,
  };
}

/** By its name, and by what stands in it: a log-in may have a reference for its user alone. */
function isPlain(key: string, value: string): boolean {
  if (credentialsIn(kindsIn([])(key), value).some(({ content }) => content !== 'masked'))
    return true;
  return SECRET.test(key) && value.trim() !== '' && scanReferences(value).length === 0;
}
