import type { Rule } from '../rule.ts';
import { misspelledEntries, settingKindOf } from '../secrets/connector-credentials.ts';
import { quoted } from '../wording.ts';

export const misspelledSetting: Rule = {
  id: 'misspelled-setting',
  severity: 'warning',
  sentence:
    'The class declares no setting of this name, and one letter away from it a password: Kafka Connect says nothing of settings that nobody declares, and the connector never sees the value. Only for classes whose ConfigDef is known.',
  each: 'setting',
  among: ({ connector }) => misspelledEntries(connector),
  check({ connector, document }, entry) {
    const { className = '', name, meant = '' } = settingKindOf(connector, entry.key);
    const simple = className.slice(className.lastIndexOf('.') + 1);
    const right = entry.key.slice(0, -name.length) + meant;
    const isThere = connector.entries.some(({ key }) => key === right);
    const advice = isThere ? `${quoted(right)} is there too` : `did you mean ${quoted(right)}?`;
    return [
      {
        ...document.locateName(entry.pointer),
        message: `${quoted(simple)} has no setting ${quoted(entry.key)}, and Kafka Connect passes over it without a word: ${advice}`,
        hint: isThere ? 'remove it' : right,
        isName: true,
      },
    ];
  },
};
