import type { Rule } from '../rule.ts';
import { credentialsOf, entriesWithCredentials } from '../secrets/connector-credentials.ts';
import { quoted } from '../wording.ts';

export const maskedValue: Rule = {
  id: 'masked-value',
  severity: 'error',
  sentence:
    "What a user interface shows in place of a credential, such as Kafka's `[hidden]` or `******`, was written back as the credential.",
  each: 'setting',
  among: ({ connector }) => entriesWithCredentials(connector),
  check({ connector, document }, entry) {
    return credentialsOf(connector, entry)
      .filter(({ content }) => content === 'masked')
      .map(({ kind, name, ...span }) => {
        const part = kind === 'setting' || name === undefined ? '' : `${quoted(name)} in `;
        const { start, end } = document.locate(entry.pointer, span.start, span.end);
        return {
          start,
          end,
          message: `${part}${quoted(entry.key)} holds the mask that was shown in place of a credential: the connector would use it as the credential`,
          hint: 'write the reference again that stood there, or take the setting out of the change',
        };
      });
  },
};
