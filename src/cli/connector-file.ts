// A connector file made ready to be resolved: read, checked by the rules, its values fetched from the registry.
import { readSource } from '../documents/read.ts';
import type { Connector } from '../documents/shapes.ts';
import { type SecretKey, parseKey, parsePath } from '../domain/names.ts';
import { scanReferences } from '../domain/reference.ts';
import type { Registry } from '../domain/registry.ts';
import type { SecretValue } from '../domain/secret-value.ts';
import { SecretregError } from '../errors.ts';
import type { ConfigProvider, Providers } from '../resolver/transform.ts';
import type { FileReport } from '../validator/diagnostic.ts';
import { rules } from '../validator/rules/index.ts';
import { textReport } from '../validator/reports/text.ts';
import { hasFault, notClear } from '../validator/rewrite.ts';
import { validator } from '../validator/validate.ts';
import { existenceOf } from '../validator/existence.ts';
import { type AskFits, askFitsOf } from '../validator/fits.ts';
import { nameFor, type NameFlags } from './connector-name.ts';
import { readDocument } from './input-files.ts';
import type { Io } from './io.ts';
import { findingsNamingRegistry } from './named-registry.ts';
import type { SharedFlags } from './settings.ts';

export interface ConnectorFile {
  file: string;
  text: string;
  connectors: readonly Connector[];
  providers: Providers;
  providerNames: readonly string[];
}

export interface OpenOptions {
  strict: boolean;
  /** Strict also about values that break the text in which they would stand. */
  mustFit?: boolean;
  providerNames: readonly string[];
  /** Providers whose references may stay as they stand. */
  otherProviders: readonly string[];
  /** What the command line named, for the hints. */
  flags: SharedFlags;
  /** For a connector that its file does not name. */
  name?: NameFlags;
}

/** Reads the file. Strict: whatever Kafka would leave literal is printed with its place, and the answer is `rule-broken`. */
export async function openConnectorFile(
  io: Io,
  name: string,
  registry: Registry,
  options: OpenOptions,
): Promise<ConnectorFile> {
  const { file, text } = await readDocument(io, name);
  if (options.strict) await refuseFindings(io, [{ file, text }], registry, options);
  return connectorFile({ file, text }, registryProvider(io, registry), options);
}

/** The same for several files: the problems of all of them are printed at once. */
export async function openConnectorFiles(
  io: Io,
  names: readonly string[],
  registry: Registry,
  options: OpenOptions,
): Promise<ConnectorFile[]> {
  const inputs: Input[] = [];
  for (const name of names) inputs.push(await readDocument(io, name));
  if (options.strict) await refuseFindings(io, inputs, registry, options);
  const files: ConnectorFile[] = [];
  for (const input of inputs)
    files.push(await connectorFile(input, registryProvider(io, registry), options));
  return files;
}

interface Input {
  file: string;
  text: string;
}

async function connectorFile(
  { file, text }: Input,
  provider: ConfigProvider,
  { providerNames, name = {} }: OpenOptions,
): Promise<ConnectorFile> {
  const isOurs = (name: string) => providerNames.includes(name);
  const holdsReference = (value: string) => scanReferences(value).some((it) => isOurs(it.provider));
  const source = await readSource(text, { holdsReference });
  const given = nameFor(file, name);
  const connectors = source.connectors.map((one) =>
    one.name === undefined && given !== undefined ? { ...one, name: given } : one,
  );
  if (connectors.length === 0) {
    if (hasFault(source)) throw notClear(file);
    throw new SecretregError('file-unreadable', { file, reason: 'it describes no connector' });
  }
  const providers = new Map(providerNames.map((name) => [name, provider]));
  return { file, text, connectors, providers, providerNames };
}

/** Kafka's provider interface over the registry: all keys of a path in one request, absent ones left out. */
function registryProvider(io: Io, registry: Registry): ConfigProvider {
  return {
    get: async (pathText, keyTexts) => {
      const path = parsePath(pathText);
      const keys = [...keyTexts].flatMap((text): SecretKey[] => {
        const key = parseKey(text);
        return key.ok ? [key.value] : [];
      });
      if (!path.ok || keys.length === 0) return { values: new Map() };
      const secrets = await registry.readPath(path.value, keys);
      for (const { value } of secrets) maskInWorkflow(io, value);
      return { values: new Map(secrets.map(({ key, value }) => [key, value])) };
    },
  };
}

/** GitHub's runner takes these lines out of its log and hides the values from then on. */
export function maskInWorkflow(io: Io, value: SecretValue): void {
  if (io.env['GITHUB_ACTIONS'] !== 'true') return;
  for (const line of value.reveal().split(/\r?\n/)) {
    if (line !== '')
      io.stderr.write(`::add-mask::${line.replaceAll('%', '%25').replaceAll('\r', '%0D')}\n`);
  }
}

/** Rules on settings as they stand, such as a password in clear. Kafka takes these as they are: only `validate` tells of them. */
const NOT_OF_REFERENCES = Object.fromEntries(
  rules.filter(({ each }) => each === 'setting').map(({ id }) => [id, 'off' as const]),
);

/** Asks about values inside a longer text only: what could be found about a value that is the whole setting is no error. */
function askInside(registry: Registry): AskFits {
  const ask = askFitsOf(registry, { checked: 0, notSeen: 0 });
  return async (path, questions) => {
    const inside = questions.filter(({ surroundings }) => surroundings !== 'setting');
    return inside.length === 0 ? [] : ask(path, inside);
  };
}

async function refuseFindings(
  io: Io,
  inputs: readonly Input[],
  registry: Registry,
  { providerNames, otherProviders, mustFit = false, flags, name = {} }: OpenOptions,
): Promise<void> {
  const existence = existenceOf(await registry.listPaths({ deleted: true }));
  const check = validator({
    providerNames,
    knownProviders: otherProviders,
    existence,
    needsNames: true,
    ...(mustFit && { askFits: askInside(registry) }),
    severities: { ...NOT_OF_REFERENCES, 'unknown-provider': 'error' },
  });
  const files: FileReport[] = [];
  for (const input of inputs) {
    const report = await check({ ...input, connectorName: nameFor(input.file, name) });
    const errors = report.diagnostics.filter(({ severity }) => severity === 'error');
    files.push({ ...report, diagnostics: errors });
  }
  const broken = files.filter(({ diagnostics }) => diagnostics.length > 0);
  const [first, second] = broken;
  if (first === undefined) return;
  const named = findingsNamingRegistry(files, flags);
  io.stderr.write(textReport({ files: named, existenceChecked: true }, io.errorStyle));
  throw new SecretregError('rule-broken', {
    count: broken.reduce((sum, { diagnostics }) => sum + diagnostics.length, 0),
    file: second === undefined ? first.file : `${broken.length} files`,
  });
}
