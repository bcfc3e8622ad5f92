// Where `render` puts values, and what stands in a configuration for them: one delivery for each of Kafka's own providers.
import type { SecretValue } from '../../domain/secret-value.ts';

/** A value of one connector, whose name is its path. */
export interface Delivered {
  connector: string;
  key: string;
  value: SecretValue;
}

export interface Delivery {
  /** The reference that stands in the configuration in place of that of the registry. */
  referenceTo(connector: string, key: string): string;
  /** Sentences on what cannot be delivered, all of them. None shows a value. */
  problems(all: readonly Delivered[]): string[];
  /** Writes what is missing or differs. Fails with file-not-writable. */
  write(all: readonly Delivered[]): Written[];
  /** What Kafka's provider may read, as a line of the worker's file. */
  workerLine: string;
}

export interface Written {
  place: string;
  count: number;
  /** False where it was there already, with these values. */
  changed: boolean;
}

export interface DeliveryOptions {
  /** The file or folder, absolute. */
  place: string;
  /** The worker's name of the provider. */
  provider: string;
  now: Date;
}

/** The values of each connector together, in the order in which they came. */
export function byConnector(all: readonly Delivered[]): Map<string, Delivered[]> {
  return Map.groupBy(all, ({ connector }) => connector);
}
