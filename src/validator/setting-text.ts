// A setting as each format writes it, for hints that are to be pasted.
import type { Format } from '../documents/document.ts';

export function settingText(format: Format, name: string, value: string): string {
  return WRITERS[format](name, value);
}

/** One setting as text, with the comma that the format has between two of them. */
export function settingLine(format: Format, name: string, value: string): string {
  const comma = WITH_COMMA.has(format) ? ',' : '';
  return settingText(format, name, value) + comma;
}

const WITH_COMMA: ReadonlySet<Format> = new Set(['json', 'terraform-json', 'ksql']);

const member = (name: string, value: string) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`;

const WRITERS: Record<Format, (name: string, value: string) => string> = {
  json: member,
  'terraform-json': member,
  yaml: (name, value) => `${name}: ${JSON.stringify(value)}`,
  properties: (name, value) => `${name}=${value}`,
  terraform: (name, value) =>
    `${/^[a-z]+$/.test(name) ? name : JSON.stringify(name)} = ${JSON.stringify(value)}`,
  shell: member,
  ksql: (name, value) => `'${name}'='${value.replaceAll("'", "''")}'`,
};
