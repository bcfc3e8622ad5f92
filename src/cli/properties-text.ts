// Java properties as they are written. With all that is not ASCII escaped they are the same to whoever reads Latin-1, as Java
// did by itself.
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
