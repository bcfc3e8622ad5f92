// One file of Java properties for each connector, for Kafka's FileConfigProvider, which reads UTF-8; with all that is not
// ASCII escaped it is the same to whoever reads Latin-1, as Java did by itself.
import { join } from 'node:path';
import { stringify } from 'dot-properties';
import { byConnector, type Delivered, type Delivery, type DeliveryOptions } from './delivery.ts';
import { fileNameProblem, placeProblems, requireFolder } from './folder.ts';
import { writeWhereNew } from './written-file.ts';

const SUFFIX = '.properties';

export function propertiesDelivery({ place, provider }: DeliveryOptions): Delivery {
  const fileOf = (connector: string) => join(place, connector + SUFFIX);
  return {
    referenceTo: (connector, key) => `\${${provider}:${fileOf(connector)}:${key}}`,
    problems: (all) => [
      ...placeProblems(place),
      ...[...byConnector(all).keys()].flatMap((connector) => {
        const problem = fileNameProblem(connector, SUFFIX);
        return problem === undefined ? [] : `connector '${connector}': ${problem}`;
      }),
    ],
    write(all) {
      requireFolder(place);
      return [...byConnector(all)].map(([connector, own]) => {
        const changed = writeWhereNew(fileOf(connector), propertiesOf(own));
        return { place: fileOf(connector), count: own.length, changed };
      });
    },
    workerLine: `config.providers.${provider}.param.allowed.paths=${place}`,
  };
}

function propertiesOf(own: readonly Delivered[]): string {
  const lines = own.map(({ key, value }): [string, string] => [key, value.reveal()]);
  // Without a width it folds no line.
  const text = stringify(lines, { keySep: '=', lineWidth: 0 });
  return `${text.replace(/[\u0080-\u00ff]/g, escaped)}\n`;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
