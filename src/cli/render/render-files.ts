// Connector files with references to another provider in place of those to the registry. The resolver gets the new
// references as if they were values: so layout, rules, and what counts as missing are those of `resolve`.
import { SecretregError } from '../../errors.ts';
import { resolveDocument } from '../../resolver/resolve.ts';
import type { ConfigProvider } from '../../resolver/transform.ts';
import { SecretValue } from '../../domain/secret-value.ts';
import type { ConnectorFile } from '../connector-file.ts';
import type { Delivered, Delivery } from './delivery.ts';

export interface Rendered {
  /** In the order of the files. */
  files: { file: string; text: string; references: number }[];
  /** Each value once, in the order in which they were asked for. */
  delivered: Delivered[];
}

export async function renderFiles(
  files: readonly ConnectorFile[],
  delivery: Delivery,
  otherProviders: readonly string[],
): Promise<Rendered> {
  const delivered = new Map<string, Delivered>();
  const rendered: Rendered['files'] = [];
  for (const { file, text: before, connectors, providers, providerNames } of files) {
    const delivering = new Map(
      [...providers].map(([name, its]) => [name, deliveringFrom(its, delivery, delivered)]),
    );
    const options = { providerNames, otherProviders };
    const resolved = await resolveDocument(before, connectors, delivering, options);
    const { text, literals, replaced } = resolved;
    // The rules found nothing, so a secret has gone between their look and this one.
    if (text === undefined)
      throw new SecretregError('rule-broken', { count: literals.length, file });
    rendered.push({ file, text: text.reveal(), references: replaced });
  }
  return { files: rendered, delivered: [...delivered.values()] };
}

/** Keeps each value that it is asked for, and hands out the reference to where it will be. */
function deliveringFrom(
  provider: ConfigProvider,
  delivery: Delivery,
  delivered: Map<string, Delivered>,
): ConfigProvider {
  return {
    async get(connector, keys) {
      const { values } = await provider.get(connector, keys);
      // Neither name can hold a colon.
      for (const [key, value] of values)
        delivered.set(`${connector}:${key}`, { connector, key, value });
      const references = [...values.keys()].map(
        (key) => [key, SecretValue.of(delivery.referenceTo(connector, key))] as const,
      );
      return { values: new Map(references) };
    },
  };
}
