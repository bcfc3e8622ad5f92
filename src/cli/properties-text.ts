// Writes Java properties. All that is not ASCII is escaped, so that they are the same to a reader of Latin-1, as
// Java's own is for bytes.
import { stringify } from 'dot-properties';

export function propertiesText(settings: readonly (readonly [string, string])[]): string {
  // Without a width it folds no line.
  const text = stringify(
    settings.map(([name, value]): [string, string] => [name, value]),
    { keySep: '=', lineWidth: 0 },
  );
  return `${text.replace(/[\u0080-\u00ff]/g, escaped)}\n`;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
