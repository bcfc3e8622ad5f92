// Whether the plugin is in a worker, found out by what it does: Connect lists connectors, transforms and converters, and
// neither config providers nor REST extensions. Each probe is a `config/validate`, which creates nothing.
import type { ConnectWorker } from '../../connect/worker.ts';
import { random } from '../../crypto/primitives.ts';
import { referenceText } from '../../domain/reference.ts';
import { hasCode } from '../../errors.ts';
import type { Fact } from '../sections.ts';

/** The connector that the probes are about; none of that name is there, nor a secret. */
const PROBE = 'secretreg-connect-check';
const OTHER = 'not-of-secretreg-connect-check';
/** No connector takes it, and Connect resolves references in it all the same. */
const SETTING = 'secretreg.connect.check';

/** What the worker said against each probe; undefined where it took it. */
export interface Probed {
  /** The answers about references to an own secret that is not there, by the name of the provider. */
  own: ReadonlyMap<string, string | undefined>;
  /** The answers about references to the path of another connector, by the name of the provider. */
  foreign: ReadonlyMap<string, string | undefined>;
  /** A provider of its own for its producer. */
  broughtProvider: string | undefined;
}

/** `className`: a connector class of the worker. */
export async function probe(
  worker: ConnectWorker,
  className: string,
  providers: readonly string[],
): Promise<Probed> {
  const said = asking(worker, className);
  const key = unknownKey();
  const own = new Map<string, string | undefined>();
  const foreign = new Map<string, string | undefined>();
  for (const name of providers) {
    foreign.set(name, await said({ [SETTING]: referenceText(name, OTHER, key) }));
    own.set(name, await said({ [SETTING]: referenceText(name, PROBE, key) }));
  }
  const broughtProvider = await said({ 'producer.override.config.providers': 'probe' });
  return { own, foreign, broughtProvider };
}

/**
 * Why a provider of the worker cannot read secrets now, in its own words; undefined where it can, or where that is not known:
 * to who may not ask, where nothing answers this question, and where a reference to what is not there stays as it stands.
 */
export async function whyUnreadable(
  worker: Pick<ConnectWorker, 'validate' | 'isThere'>,
  className: string,
  provider: string,
): Promise<string | undefined> {
  const said = asking(worker, className);
  try {
    const answer = await said({ [SETTING]: referenceText(provider, PROBE, unknownKey()) });
    const isReason = answer !== undefined && UNREADABLE.test(answer) && !ANSWERS.test(answer);
    return isReason ? sentence(answer) : undefined;
  } catch (error) {
    if (hasCode(error, 'worker-not-allowed', 'worker-refused')) return undefined;
    if (hasCode(error, 'worker-unreachable') && (await worker.isThere())) return undefined;
    throw error;
  }
}

/**
 * What the plugin says where the registry, or its log-in there, is at fault; anything else may be of the connector's class.
 * Too many requests (429) are soon fewer.
 */
const UNREADABLE =
  /secretreg-connect-check.{0,300} cannot be read: (?!.*\b429\b)|the registry cannot be reached: |tried again in the background|the token's file |the secret registry's provider/;

/** A new one each time: for as long as the registry is away the provider has the last answer for one that was asked for. */
function unknownKey(): string {
  return `probe${random(8).toString('hex')}`;
}

function asking(worker: Pick<ConnectWorker, 'validate'>, className: string) {
  return async (settings: Record<string, string>) => {
    const config = { name: PROBE, 'connector.class': className, ...settings };
    const answer = await worker.validate(className, config);
    return 'refusal' in answer ? answer.refusal : undefined;
  };
}

export function probeFacts({ own, foreign, broughtProvider }: Probed): Fact[] {
  return [
    ...[...own].map(([name, said]) => providerFact(name, said)),
    // Where there is no such provider, nothing is told of what its references may reach.
    ...[...foreign]
      .filter(([name, said]) => said !== undefined || own.get(name) !== undefined)
      .map(([name, said]) => ruleFact(name, said)),
    broughtProviderFact(broughtProvider),
  ];
}

/** What the provider says of a secret that is not there, by which it is known. */
const ANSWERS = /cannot be found: the registry has none|does not allow it to the worker/;

function providerFact(provider: string, said: string | undefined): Fact {
  const name = `provider ${provider}`;
  if (said === undefined)
    return {
      name,
      state: 'fail',
      text: `a reference to a secret that is not there stays as it stands: no provider of that name is in the worker, or it has missing=literal; hint: --provider-name NAME or --worker-config FILE    (where it has another name there; else in its file config.providers=${provider} and config.providers.${provider}.class=io.secretreg.connect.SecretRegistryConfigProvider)`,
    };
  if (ANSWERS.test(said))
    return { name, state: 'ok', text: 'it asks the registry, which accepts its log-in' };
  return { name, state: 'fail', text: `it cannot read secrets: ${sentence(said)}` };
}

/** The sentence of the rule. */
const RULE = /may only refer to secrets under its own name/;

function ruleFact(provider: string, said: string | undefined): Fact {
  const name = `rule for ${provider}`;
  if (said !== undefined && RULE.test(said))
    return { name, state: 'ok', text: 'a reference to the path of another connector is refused' };
  return {
    name,
    state: 'fail',
    text: 'a reference to the path of another connector is taken, so that whoever may create a connector reads all that the worker may; hint: rest.extension.classes=io.secretreg.connect.SecretRegistryRestExtension',
  };
}

function broughtProviderFact(said: string | undefined): Fact {
  const name = 'providers of connectors';
  if (said !== undefined && /config\.providers/.test(said))
    return { name, state: 'ok', text: "'config.providers' in a connector's settings is refused" };
  return {
    name,
    state: 'warn',
    text: "'config.providers' in a connector's settings is taken: for its clients a connector brings providers of its own, to which no rule applies; hint: -Dorg.apache.kafka.automatic.config.providers=none for the worker, which cannot be seen from here",
  };
}

/** Of a provider: it had no value to quote, since there is no such secret. */
function sentence(said: string): string {
  const text = said.replace(/^(?:[\w.$]+(?:Exception|Error): )+/, '').replace(/\s+/g, ' ');
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
