// Every delivery, by the word that stands before the colon of --to.
import { resolve } from 'node:path';
import { SecretregError } from '../../errors.ts';
import type { WorkerConfig } from '../worker-config.ts';
import type { Delivery, DeliveryOptions } from './delivery.ts';
import { directoryDelivery } from './directory.ts';
import { envDelivery } from './env-file.ts';
import { propertiesDelivery } from './properties-file.ts';

type Kind = 'directory' | 'file' | 'env';

export interface Target {
  kind: Kind;
  /** Absolute. */
  place: string;
}

interface Entry {
  /** Kafka's class that reads it. */
  className: string;
  make: (options: DeliveryOptions) => Delivery;
}

const PACKAGE = 'org.apache.kafka.common.config.provider';
const deliveries: Record<Kind, Entry> = {
  directory: { className: `${PACKAGE}.DirectoryConfigProvider`, make: directoryDelivery },
  file: { className: `${PACKAGE}.FileConfigProvider`, make: propertiesDelivery },
  env: { className: `${PACKAGE}.EnvVarConfigProvider`, make: envDelivery },
};

/** `directory:/run/secretreg` in its parts. Fails with wrong-use. */
export function parseTarget(text: string, cwd: string): Target {
  const [kind = ''] = text.split(':', 1);
  const place = text.slice(kind.length + 1);
  if (Object.hasOwn(deliveries, kind) && !['', '-'].includes(place))
    return { kind: kind as Kind, place: resolve(cwd, place) };
  throw new SecretregError('wrong-use', {
    reason: '--to takes directory:DIR, file:DIR or env:FILE',
  });
}

/** Its references use the worker's own name for Kafka's class, where the worker's file tells it. */
export function deliveryFor(
  { kind, place }: Target,
  workerConfig: WorkerConfig | undefined,
  now: Date,
): Delivery {
  const { make } = deliveries[kind];
  return make({ place, provider: providerNamed(kind, workerConfig) ?? kind, now });
}

/** The lines that a worker's file lacks; none where it has a provider of that class. */
export function missingWorkerLines(
  { kind }: Target,
  delivery: Delivery,
  workerConfig: WorkerConfig | undefined,
): string[] {
  if (providerNamed(kind, workerConfig) !== undefined) return [];
  return [
    `config.providers=${[...(workerConfig?.providers ?? []), kind].join(',')}`,
    `config.providers.${kind}.class=${deliveries[kind].className}`,
    delivery.workerLine,
  ];
}

function providerNamed(kind: Kind, workerConfig: WorkerConfig | undefined): string | undefined {
  const { className } = deliveries[kind];
  const { providers = [], classes } = workerConfig ?? {};
  return providers.find((name) => classes?.get(name) === className);
}
