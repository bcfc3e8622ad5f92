// The settings of a connector that hold references, with their values.
import { scanReferences } from '../domain/reference.ts';
import { SecretValue } from '../domain/secret-value.ts';
import { SecretregError } from '../errors.ts';
import { transform } from '../resolver/transform.ts';
import { openConnectorFile } from './connector-file.ts';
import type { Io } from './io.ts';
import { providersFor } from './providers.ts';
import { withRegistry } from './session.ts';
import type { SharedFlags } from './settings.ts';

export function resolvedSettings(
  io: Io,
  name: string,
  flags: SharedFlags,
): Promise<Map<string, SecretValue>> {
  return withRegistry(io, flags, {}, async ({ registry, settings }) => {
    const { providerNames, otherProviders } = providersFor(settings);
    const { file, connectors, providers } = await openConnectorFile(io, name, registry, {
      strict: true,
      providerNames,
      otherProviders,
    });
    const [connector, another] = connectors;
    if (connector === undefined || another !== undefined) {
      throw new SecretregError('wrong-use', {
        reason: `'${file}' holds ${connectors.length} connectors, and run takes one`,
      });
    }
    const withReferences = connector.entries.filter(({ value }) =>
      scanReferences(value ?? '').some(({ provider }) => providers.has(provider)),
    );
    for (const { key, value } of withReferences) refuseOthers(key, value ?? '', otherProviders);
    const { configs } = await transform(
      new Map(withReferences.map(({ key, value }) => [key, value])),
      providers,
    );
    return new Map([...configs].map(([key, value]) => [key, SecretValue.of(value ?? '')]));
  });
}

/** A value that is half resolved would be handed to the command as it stands. */
function refuseOthers(key: string, value: string, otherProviders: readonly string[]): void {
  const other = scanReferences(value).find(({ provider }) => otherProviders.includes(provider));
  if (other === undefined) return;
  throw new SecretregError('wrong-use', {
    reason: `setting '${key}' refers to provider '${other.provider}' too, which only a worker can ask`,
  });
}
