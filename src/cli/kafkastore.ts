// `kafkastore.*` from the worker's file and, as in Confluent's images, from variables of the environment.
import type { Io } from './io.ts';

const VARIABLE = /^SECRETREG_KAFKASTORE_/;

/** `SECRETREG_KAFKASTORE_SASL_JAAS_CONFIG` → `kafkastore.sasl.jaas.config`. */
export function kafkastoreOf(env: Io['env']): Map<string, string> {
  return new Map(
    Object.entries(env).flatMap(([variable, value]) =>
      VARIABLE.test(variable) && value !== undefined
        ? [[`kafkastore.${nameOf(variable)}`, value] as const]
        : [],
    ),
  );
}

/** `kafkastore.topic` → `SECRETREG_KAFKASTORE_TOPIC`. */
export function variableOf(name: string): string {
  return `SECRETREG_${name.toUpperCase().replaceAll('.', '_')}`;
}

function nameOf(variable: string): string {
  return variable.replace(VARIABLE, '').toLowerCase().replaceAll('_', '.');
}

/** The address of a registry that is named by `kafkastore.bootstrap.servers`; undefined where it is not. */
export function addressOf(kafkastore: ReadonlyMap<string, string>): string | undefined {
  const servers = kafkastore.get('kafkastore.bootstrap.servers');
  if (servers === undefined || servers.trim() === '') return undefined;
  const brokers = servers.split(',').map((server) => server.trim().replace(/^[A-Za-z_]+:\/\//, ''));
  return `kafka://${brokers.join(',')}/${kafkastore.get('kafkastore.topic') ?? '_secretreg'}`;
}
