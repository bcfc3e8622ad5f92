import { SecretregError } from '../errors.ts';
import type { Format } from './rows.ts';

/** The option of a command that prints rows; `formatOption` reads it. */
export const ROWS_OUTPUT = ['-o, --output <format>', 'json, jsonl or table'] as const;

/** True for `-o json`, where a command has no other format. Fails with wrong-use. */
export function jsonOption(text: string | undefined): boolean {
  if (text === undefined || text === 'json') return text === 'json';
  throw new SecretregError('wrong-use', { reason: "-o takes 'json' here" });
}

/** The format of a listing. Fails with wrong-use. */
export function formatOption(text: string | undefined): Format {
  if (text === undefined) return 'auto';
  if (text === 'json' || text === 'jsonl' || text === 'table') return text;
  throw new SecretregError('wrong-use', { reason: '-o takes json, jsonl or table' });
}
