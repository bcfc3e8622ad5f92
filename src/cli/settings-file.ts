// A settings file, `secretreg.yaml` of a project or `config.yaml` of a user. Loaded only where there is one.
import { readFileSync, statSync } from 'node:fs';
import { type Document, parseDocument } from 'yaml';
import { positionsIn } from '../documents/position.ts';
import { faultOf } from '../documents/yaml/fault.ts';
import { SecretregError } from '../errors.ts';

export interface FileSettings {
  file: string;
  registry?: string;
  masterKeyFile?: string;
  masterKeyCommand?: string;
  /** Of a project: what `validate` reads, see validate-settings.ts. */
  validate?: unknown;
  /** Of a user: the context that is in use. */
  context?: string;
  /** Of a user: registries by name. */
  contexts: ReadonlyMap<string, ContextSettings>;
}

const NAMES = ['registry', 'masterKeyFile', 'masterKeyCommand'] as const;
const NAMES_OF_PROJECTS = [...NAMES, 'validate'] as const;
const NAMES_OF_USERS = [...NAMES, 'context', 'contexts'] as const;

/** The settings of a context. None of them is used for another registry than its own. Files are relative to the settings file. */
export const CONTEXT_NAMES = [
  'registry',
  'masterKeyFile',
  'tokenFile',
  'user',
  'passwordFile',
  'caFile',
  'clientCert',
  'clientKey',
  'insecureHttp',
] as const;

export type ContextSettings = { registry: string; insecureHttp?: boolean } & Partial<
  Record<Exclude<(typeof CONTEXT_NAMES)[number], 'registry' | 'insecureHttp'>, string>
>;

/** A settings file is a few lines. Anything else in its place could be endless. */
const LARGEST = 64 * 1024;

/** Fails with settings-invalid. */
export function parseSettings(file: string, of: 'project' | 'user'): FileSettings {
  return settingsIn(readSettingsDocument(file), file, of);
}

/** Fails with settings-invalid. */
export function readSettingsDocument(file: string): Document {
  const text = readSmallFile(file);
  const document = parseDocument(text, { prettyErrors: false, logLevel: 'silent' });
  const [error] = document.errors;
  if (error === undefined) return document;
  const { start, text: reason } = faultOf(error, text, document.contents);
  const { line, column } = positionsIn(text).at(start);
  throw invalid(file, `${reason} (line ${line}, column ${column})`);
}

/** In a project's file it is refused with its reason: it would run a command of whoever wrote the project. */
const ONLY_OF_USERS = 'masterKeyCommand';

/** Fails with settings-invalid. */
export function settingsIn(document: Document, file: string, of: 'project' | 'user'): FileSettings {
  const content = mapOf(contentOf(document, file), () =>
    invalid(file, 'it is not a map of settings'),
  );
  const names: readonly string[] = of === 'user' ? NAMES_OF_USERS : NAMES_OF_PROJECTS;
  for (const name of content.keys()) {
    if (names.includes(name)) continue;
    const others: readonly string[] = of === 'user' ? NAMES_OF_PROJECTS : NAMES_OF_USERS;
    const where = of === 'user' ? "a project's file" : 'your user file';
    throw invalid(
      file,
      others.includes(name)
        ? `'${name}' is taken from ${where} only`
        : `'${name}' is not a setting; there are ${names.filter((one) => of === 'user' || one !== ONLY_OF_USERS).join(', ')}`,
    );
  }
  const settings: FileSettings = { file, contexts: contextsIn(content.get('contexts'), file) };
  if (content.has('validate')) settings.validate = content.get('validate');
  for (const name of [...NAMES, 'context'] as const) {
    const value = content.get(name);
    if (value !== undefined) settings[name] = textOf(value, `'${name}'`, file);
  }
  return settings;
}

function contextsIn(value: unknown, file: string): Map<string, ContextSettings> {
  const contexts = mapOf(value ?? {}, () => invalid(file, "'contexts' is not a map of contexts"));
  return new Map([...contexts].map(([name, one]) => [name, contextIn(one, name, file)]));
}

function contextIn(value: unknown, name: string, file: string): ContextSettings {
  const place = `context '${name}'`;
  const members = mapOf(value, () => invalid(file, `${place} is not a map of settings`));
  for (const member of members.keys()) {
    if ((CONTEXT_NAMES as readonly string[]).includes(member)) continue;
    throw invalid(
      file,
      `'${member}' is not a setting of a context; there are ${CONTEXT_NAMES.join(', ')}`,
    );
  }
  const registry = members.get('registry');
  if (registry === undefined) throw invalid(file, `${place} names no registry`);
  const context: ContextSettings = { registry: textOf(registry, `'registry' of ${place}`, file) };
  for (const one of CONTEXT_NAMES) {
    const setting = members.get(one);
    if (setting === undefined || one === 'registry') continue;
    if (one !== 'insecureHttp') context[one] = textOf(setting, `'${one}' of ${place}`, file);
    else if (typeof setting === 'boolean') context.insecureHttp = setting;
    else throw invalid(file, `'insecureHttp' of ${place} is not true or false`);
  }
  return context;
}

function textOf(value: unknown, what: string, file: string): string {
  if (typeof value === 'string') return value;
  throw invalid(file, `${what} is not text`);
}

function mapOf(value: unknown, fault: () => SecretregError): Map<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw fault();
  return new Map(Object.entries(value));
}

function readSmallFile(file: string): string {
  const stats = statSync(file);
  if (stats.isDirectory()) throw invalid(file, 'it is a folder');
  if (stats.isFile() && stats.size <= LARGEST) return readFileSync(file, 'utf8');
  throw invalid(file, `it is not a file of at most ${LARGEST} bytes`);
}

/** The document as plain values. An alias in it may be unknown, or expand to more than memory holds. */
function contentOf(document: Document, file: string): unknown {
  try {
    return document.toJS() ?? {};
  } catch {
    throw invalid(file, 'its aliases cannot be followed');
  }
}

function invalid(place: string, reason: string): SecretregError {
  return new SecretregError('settings-invalid', { place, reason });
}
