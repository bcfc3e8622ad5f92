// What a project says about its validation: the section `validate` of its secretreg.yaml, and the flags, which win.
import { dirname, matchesGlob, relative, resolve, sep } from 'node:path';
import { SecretregError } from '../errors.ts';
import type { RuleId, Severity } from '../validator/diagnostic.ts';
import { didYouMean } from '../validator/did-you-mean.ts';
import { rules } from '../validator/rules/index.ts';
import type { FileSettings } from './settings-file.ts';

export type Severities = Partial<Record<RuleId, Severity | 'off'>>;

export interface ValidateSettings {
  rules: Severities;
  failOn?: string;
  providerName?: readonly string[];
  /** The worker's other providers, beside those of Kafka. */
  providers?: readonly string[];
  /** True for a file that is not to be looked at. */
  isExcluded?: (file: string) => boolean;
  /** Relative to the working folder. */
  baseline?: string;
}

const NAMES = ['rules', 'failOn', 'providerName', 'providers', 'exclude', 'baseline'] as const;

/** Fails with settings-invalid. */
export function validateSettings(project: FileSettings | undefined, cwd: string): ValidateSettings {
  if (project?.validate === undefined) return { rules: {} };
  const { file } = project;
  const refuse = (reason: string) =>
    new SecretregError('settings-invalid', { place: file, reason });
  const section = mapOf(project.validate);
  if (section === undefined) throw refuse("'validate' is not a map of settings");
  for (const name of section.keys()) {
    if ((NAMES as readonly string[]).includes(name)) continue;
    throw refuse(`'${name}' is not a setting of 'validate'; there are ${NAMES.join(', ')}`);
  }
  const severities = mapOf(section.get('rules') ?? {});
  if (severities === undefined) throw refuse("'rules' of 'validate' is not a map of rules");
  const failOn = section.get('failOn');
  if (failOn !== undefined && failOn !== 'error' && failOn !== 'warning')
    throw refuse("'failOn' of 'validate' is not error or warning");
  const list = (name: 'providerName' | 'providers' | 'exclude') => {
    const texts = section.has(name) ? listOf(section.get(name)) : undefined;
    if (section.has(name) && texts === undefined)
      throw refuse(`'${name}' of 'validate' is not a list of texts`);
    return texts;
  };
  const baseline = section.get('baseline');
  if (baseline !== undefined && (typeof baseline !== 'string' || baseline === ''))
    throw refuse("'baseline' of 'validate' is not the name of a file");
  const providerName = list('providerName');
  const providers = list('providers');
  const exclude = list('exclude');
  return {
    rules: severitiesOf([...severities], (reason) => refuse(`'rules' of 'validate': ${reason}`)),
    ...(failOn !== undefined && { failOn }),
    ...(providerName && { providerName }),
    ...(providers && { providers }),
    ...(baseline !== undefined && { baseline: relative(cwd, resolve(dirname(file), baseline)) }),
    ...(exclude && { isExcluded: excluder(exclude, dirname(file), cwd) }),
  };
}

/** What `--rule ID=SEVERITY` says. Fails with wrong-use. */
export function severityFlags(texts: readonly string[]): Severities {
  const pairs = texts.map((text) => {
    const at = text.indexOf('=');
    return [at === -1 ? text : text.slice(0, at), at === -1 ? '' : text.slice(at + 1)] as const;
  });
  return severitiesOf(
    pairs,
    (reason, hint) =>
      new SecretregError(
        'wrong-use',
        { reason: `--rule: ${reason}` },
        { hint: hint ?? 'secretreg validate --explain    (every rule)' },
      ),
  );
}

/** Fails with what `refuse` makes. */
export function ruleCalled(
  name: string,
  refuse: (reason: string, near: string | undefined) => SecretregError,
): (typeof rules)[number] {
  const found = rules.find(({ id }) => id === name);
  if (found !== undefined) return found;
  const near = didYouMean(
    name,
    rules.map(({ id }) => id),
  );
  throw refuse(
    `no rule is called '${name}'${near === undefined ? '' : `: did you mean '${near}'?`}`,
    near,
  );
}

const SEVERITIES = ['error', 'warning', 'note', 'off'] as const;

function severitiesOf(
  pairs: readonly (readonly [string, unknown])[],
  refuse: (reason: string, hint?: string) => SecretregError,
): Severities {
  const severities: Severities = {};
  for (const [name, text] of pairs) {
    const { id } = ruleCalled(name, (reason, near) =>
      refuse(reason, near && `--rule ${near}=${String(text) || 'off'}`),
    );
    const severity = SEVERITIES.find((one) => one === text);
    if (severity === undefined)
      throw refuse(
        `the severity of '${id}' is one of ${SEVERITIES.join(', ')}`,
        `--rule ${id}=warning`,
      );
    // In a file that cannot be parsed nothing else was looked at.
    if (id === 'parse-error' && severity === 'off')
      throw refuse(
        "'parse-error' cannot be off: nothing would be known of such a file",
        `secretreg.yaml: validate: {exclude: ['templates/**']}    (files that are not to be looked at)`,
      );
    severities[id] = severity;
  }
  return severities;
}

/** Patterns are relative to the settings file. `target/` stands for all that is in such a folder. */
function excluder(
  patterns: readonly string[],
  folder: string,
  cwd: string,
): (file: string) => boolean {
  const globs = patterns.map((pattern) => pattern.replace(/^\.\//, '').replace(/\/$/, '/**'));
  return (file) => {
    const name = relative(folder, resolve(cwd, file)).replaceAll(sep, '/');
    return globs.some((glob) => matchesGlob(name, glob));
  };
}

function mapOf(value: unknown): Map<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return new Map(Object.entries(value));
}

/** A text alone counts as a list of one. */
function listOf(value: unknown): string[] | undefined {
  const all: unknown[] = Array.isArray(value) ? value : [value];
  return all.every((it) => typeof it === 'string' && it !== '') ? (all as string[]) : undefined;
}
