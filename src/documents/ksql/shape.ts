// The connectors that the statements of a ksqlDB script make.
import type { SourceDocument } from '../document.ts';
import { type Connector, flatMap } from '../shapes.ts';
import { UNKNOWN } from '../unknown.ts';
import type { StatementValue } from './ksql.ts';

export function connectorsOfKsql(document: SourceDocument): Connector[] {
  return document.roots.map(({ pointer, value }) => {
    const { name, with: settings } = value as StatementValue;
    const configPointer = `${pointer}/with`;
    const map = flatMap(settings, configPointer, { document });
    // ksqlDB replaces variables in quoted names too.
    const own =
      typeof name === 'string' && !name.includes('${')
        ? [{ text: name, pointer: `${pointer}/name`, place: 'name', isMember: false }]
        : [];
    const names = [...own, ...map.names.map((it) => ({ ...it, place: 'config.name' }))];
    return {
      ...map,
      name: names[0]?.text,
      names,
      pointer,
      configPointer,
      needsName: true,
      unknown: {
        name: own.length === 0,
        settings: settings['connector.class'] === UNKNOWN,
      },
    };
  });
}
