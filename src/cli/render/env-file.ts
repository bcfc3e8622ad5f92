// A file of variables for a worker's start, read alike by systemd (EnvironmentFile=) and by docker (--env-file). They have
// no escape in common: systemd takes away quotes, backslashes and blanks around a value, and knows no line end without
// quotes (src/basic/env-file.c); docker takes the line as it stands. What they would read differently is refused.
import { dirname } from 'node:path';
import type { Delivered, Delivery, DeliveryOptions } from './delivery.ts';
import { requireFolder } from './folder.ts';
import { writeWhereNew } from './written-file.ts';

export function envDelivery({ place, provider }: DeliveryOptions): Delivery {
  return {
    referenceTo: (connector, key) => `\${${provider}:${variableOf(connector, key)}}`,
    problems: (all) => [...collisions(all), ...all.flatMap(valueProblem)],
    write(all) {
      requireFolder(dirname(place));
      const lines = all.map(
        ({ connector, key, value }) => `${variableOf(connector, key)}=${value.reveal()}\n`,
      );
      return [{ place, count: all.length, changed: writeWhereNew(place, lines.join('')) }];
    },
    workerLine: `config.providers.${provider}.param.allowlist.pattern=SECRET_.*`,
  };
}

/** `SECRET_ORDERS_SINK_PASSWORD`: what POSIX lets a variable be called. */
function variableOf(connector: string, key: string): string {
  return `SECRET_${connector}_${key}`.toUpperCase().replace(/[^A-Z0-9]/gu, '_');
}

function collisions(all: readonly Delivered[]): string[] {
  const byName = Map.groupBy(all, ({ connector, key }) => variableOf(connector, key));
  return [...byName]
    .filter(([, { length }]) => length > 1)
    .map(([name, those]) => {
      const secrets = those.map(({ connector, key }) => `${connector}:${key}`).join(' and ');
      return `${secrets} would both be the variable ${name}`;
    });
}

const UNFIT: readonly (readonly [RegExp, string])[] = [
  [/[\r\n]/, 'it holds a line end, and a variable of such a file ends with its line'],
  [
    /(?![\t\r\n\u0080-\u009f])\p{Cc}/u,
    'it holds a control character, with which systemd refuses a variable',
  ],
  [/^[ \t]|[ \t]$/, 'it begins or ends with a blank, which systemd takes away and docker does not'],
  [/^["']/, 'it begins with a quote, which systemd takes away and docker does not'],
  [/\\/, 'it holds a backslash, which systemd takes for an escape and docker does not'],
];

function valueProblem({ connector, key, value }: Delivered): string[] {
  const found = UNFIT.find(([pattern]) => pattern.test(value.reveal()));
  return found === undefined
    ? []
    : [`the value of ${connector}:${key} cannot stand in an env file: ${found[1]}`];
}
