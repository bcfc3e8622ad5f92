// What java.util.Properties reads of texts.
import { join } from 'node:path';
import { runJavaFile } from '../../java.ts';

/** A line for each text: `refused`, or the settings as `lines` has them. */
export async function readByJava(texts: readonly string[], ...args: string[]): Promise<string[]> {
  const told = await runJavaFile(
    join(import.meta.dirname, 'PropertiesOracle.java'),
    texts.map(hex),
    args,
  );
  return told.map(lastOnes);
}

function lastOnes(line: string): string {
  if (line === 'refused' || line === '') return line;
  const settings = line.split(' ').map((it): [string, string] => {
    const [, name = '', value = ''] = it.split('=');
    return [unhex(name), unhex(value)];
  });
  return lines([...new Map(settings)]);
}

/** Settings by name, in hexadecimal digits. */
export function lines(settings: readonly [string, string][]): string {
  return settings
    .map(([name, value]) => `${hex(name)}=${hex(value)}`)
    .sort()
    .join(' ');
}

function hex(text: string): string {
  return Array.from({ length: text.length }, (_, i) =>
    text.charCodeAt(i).toString(16).padStart(4, '0'),
  ).join('');
}

function unhex(digits: string): string {
  return digits.replace(/..../g, (it) => String.fromCharCode(Number.parseInt(it, 16)));
}
