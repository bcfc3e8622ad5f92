// A table of secrets as text of a format.
import { dotenvProblems, dotenvText } from './dotenv.ts';
import type { SecretTable } from './entry.ts';
import type { TransferFormat } from './formats.ts';
import { secretProblems, secretsYaml } from './kubernetes.ts';
import { propertiesOf } from './properties.ts';
import { tableJson, tableYaml } from './table.ts';

interface Written {
  /** What the format cannot hold, without values; `text` holds all only where there is none. */
  problems: readonly string[];
  text: string;
}

/** `single`: the table has one path, and the file shall not name it where the format need not. */
export function secretsText(table: SecretTable, format: TransferFormat, single: boolean): Written {
  switch (format) {
    case 'json':
      return { problems: [], text: tableJson(table, single) };
    case 'yaml':
      return { problems: [], text: tableYaml(table, single) };
    case 'properties':
      return { problems: [], text: propertiesOf(table) };
    case 'dotenv':
      return { problems: dotenvProblems(table), text: dotenvText(table) };
    case 'kubernetes':
      return { problems: secretProblems(table), text: secretsYaml(table) };
  }
}
