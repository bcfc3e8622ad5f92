// The record of what connectors run with, as text: names and numbers of versions, nothing that is secret.
import { compare } from '../domain/compare.ts';
import { list, object, type Shape, text, whole } from '../exchange/shapes.ts';
import type { Held } from './plan.ts';

export interface RecordContent {
  /** The registry whose versions are meant, and the Kafka cluster whose connectors: of others nothing is known here. */
  registry: string;
  cluster: string;
  connectors: ReadonlyMap<string, readonly Held[]>;
}

const FORMAT = 1;

/** Undefined where it is not such a record. */
export function parseRecord(json: string): RecordContent | undefined {
  try {
    const { registry, cluster, connectors } = record(JSON.parse(json));
    return {
      registry,
      cluster,
      connectors: new Map(connectors.map((one) => [one.name, one.secrets])),
    };
  } catch {
    return undefined;
  }
}

export function recordText({ registry, cluster, connectors }: RecordContent): string {
  const sorted = [...connectors].sort(([a], [b]) => compare(a, b));
  const all = sorted.map(([name, secrets]) => ({ name, secrets }));
  return `${JSON.stringify({ format: FORMAT, registry, cluster, connectors: all }, null, 2)}\n`;
}

const held: Shape<Held> = object({ path: text, key: text, version: whole });

const content = object({
  registry: text,
  cluster: text,
  connectors: list(object({ name: text, secrets: list(held) })),
});

const record: Shape<ReturnType<typeof content>> = (value) => {
  if (object({ format: whole })(value).format !== FORMAT) throw new TypeError('another format');
  return content(value);
};
