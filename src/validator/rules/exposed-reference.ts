import { scanReferences } from '../../domain/reference.ts';
import type { Rule } from '../rule.ts';
import { usersIn } from '../secrets/addresses.ts';
import { settingKindOf } from '../secrets/connector-credentials.ts';
import { passwordsOf } from '../secrets/password-settings.ts';
import { isNameOfUser } from '../secrets/setting-name.ts';
import { quoted } from '../wording.ts';

export const exposedReference: Rule = {
  id: 'exposed-reference',
  severity: 'warning',
  sentence:
    'A secret stands in a setting that the connector does not declare as a password: the worker writes such values to its log, and shows them when a configuration is validated. Only for classes whose ConfigDef is known; names of users are left alone.',
  each: 'setting',
  among: ({ connector }) => connector.entries.filter(({ value }) => value?.includes('${')),
  check({ connector, document, providers }, entry) {
    const { className, name, declared } = settingKindOf(connector, entry.key);
    if (className === undefined || declared !== 'plain' || isNameOfUser(name)) return [];
    const { value } = entry;
    const isUser = usersIn(value);
    const own = scanReferences(value).filter((it) => providers.isOurs(it.provider) && !isUser(it));
    if (own.length === 0) return [];
    const simple = className.slice(className.lastIndexOf('.') + 1);
    const passwords = passwordsOf(className);
    const message = `${quoted(simple)} does not declare ${quoted(entry.key)} as a password: the worker shows its value, with the secret in it, in its log and when the configuration is validated`;
    const hint =
      passwords.length > 0
        ? `settings that it hides: ${passwords.slice(0, MOST_NAMES).join(', ')}`
        : 'keep secrets out of this setting: the connector hides none';
    return own.map((reference) => {
      const { start, end } = document.locate(entry.pointer, reference.start, reference.end);
      return { start, end, message, hint };
    });
  },
};

const MOST_NAMES = 3;
