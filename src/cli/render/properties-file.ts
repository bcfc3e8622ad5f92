// One file of Java properties for each connector, for Kafka's FileConfigProvider.
import { join } from 'node:path';
import { propertiesText } from '../properties-text.ts';
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
  return propertiesText(own.map(({ key, value }) => [key, value.reveal()]));
}
