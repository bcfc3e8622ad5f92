import type { Rule } from '../rule.ts';
import { settingLine } from '../setting-text.ts';
import { quoted } from '../wording.ts';

export const missingClass: Rule = {
  id: 'missing-class',
  severity: 'warning',
  sentence: "The settings lack 'connector.class', without which Kafka Connect starts no connector.",
  each: 'connector',
  check({ connector, document, name }) {
    const present = connector.entries.some(
      ({ key, value }) => key === 'connector.class' && value !== null && value !== '',
    );
    if (present || connector.unknown?.settings === true) return [];
    const { start, end } = document.locate(connector.configPointer);
    const called = connector.called?.class ?? ['connector.class'];
    const whose = name === undefined ? 'the connector' : `connector ${quoted(name)}`;
    return [
      {
        start,
        // Settings that are not there have no width.
        end: Math.min(start + 1, end),
        message: `${whose} has no '${called.join('.')}': Kafka Connect does not know what to start`,
        hint: `${settingLine(document.format, called.at(-1) ?? '', EXAMPLE)}    (or the class that is meant)`,
      },
    ];
  },
};

const EXAMPLE = 'io.confluent.connect.jdbc.JdbcSinkConnector';
