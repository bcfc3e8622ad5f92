// A settings file, `secretreg.yaml` of a project or `config.yaml` of a user. Loaded only where there is one.
import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { SecretregError } from '../errors.ts';

export interface FileSettings {
  file: string;
  registry?: string;
  masterKeyFile?: string;
  masterKeyCommand?: string;
}

const NAMES = ['registry', 'masterKeyFile', 'masterKeyCommand'] as const;

/** Fails with settings-invalid. */
export function parseSettings(file: string): FileSettings {
  const document = parseDocument(readFileSync(file, 'utf8'));
  const [error] = document.errors;
  if (error !== undefined) {
    throw new SecretregError('settings-invalid', {
      place: file,
      reason: error.message.split('\n')[0]?.replace(/[:.]$/, '') ?? 'it is not YAML',
    });
  }
  const content: unknown = document.toJS() ?? {};
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new SecretregError('settings-invalid', {
      place: file,
      reason: 'it is not a map of settings',
    });
  }
  const settings: FileSettings = { file };
  for (const [name, value] of Object.entries(content)) {
    const known = NAMES.find((one) => one === name);
    if (known === undefined) {
      throw new SecretregError('settings-invalid', {
        place: file,
        reason: `'${name}' is not a setting; there are ${NAMES.join(', ')}`,
      });
    }
    if (typeof value !== 'string') {
      throw new SecretregError('settings-invalid', {
        place: file,
        reason: `'${name}' is not text`,
      });
    }
    settings[known] = value;
  }
  return settings;
}
