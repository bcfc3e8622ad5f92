// A settings file, `secretreg.yaml` of a project or `config.yaml` of a user. Loaded only where there is one.
import { readFileSync, statSync } from 'node:fs';
import { type Document, parseDocument } from 'yaml';
import { SecretregError } from '../errors.ts';

export interface FileSettings {
  file: string;
  registry?: string;
  masterKeyFile?: string;
  masterKeyCommand?: string;
}

const NAMES = ['registry', 'masterKeyFile', 'masterKeyCommand'] as const;

/** A settings file is a few lines. Anything else in its place could be endless. */
const LARGEST = 64 * 1024;

function readSmallFile(file: string): string {
  const { size } = statSync(file);
  if (statSync(file).isFile() && size <= LARGEST) return readFileSync(file, 'utf8');
  throw new SecretregError('settings-invalid', {
    place: file,
    reason: `it is not a file of at most ${LARGEST} bytes`,
  });
}

/** An alias may be unknown, or stand for more than there is memory. */
function contentOf(document: Document, file: string): unknown {
  try {
    return document.toJS() ?? {};
  } catch {
    throw new SecretregError('settings-invalid', {
      place: file,
      reason: 'its aliases cannot be followed',
    });
  }
}

/** Fails with settings-invalid. */
export function parseSettings(file: string): FileSettings {
  const document = parseDocument(readSmallFile(file));
  const [error] = document.errors;
  if (error !== undefined) {
    throw new SecretregError('settings-invalid', {
      place: file,
      reason: error.message.split('\n')[0]?.replace(/[:.]$/, '') ?? 'it is not YAML',
    });
  }
  const content = contentOf(document, file);
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
