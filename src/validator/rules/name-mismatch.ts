import type { Rule } from '../rule.ts';
import { settingText } from '../setting-text.ts';
import { visible } from '../../domain/visible.ts';
import { placeText, quoted } from '../wording.ts';

export const nameMismatch: Rule = {
  id: 'name-mismatch',
  severity: 'error',
  sentence: 'A connector is given two different names; Kafka Connect answers that with an error.',
  each: 'connector',
  check({ connector, document, positions }) {
    const [first] = connector.names;
    const others = connector.names.filter(({ text }) => text !== first?.text);
    if (first === undefined || others.length === 0) return [];
    const place = first.isMember
      ? document.locateName(first.pointer)
      : document.locate(first.pointer);
    const there = positions().at(place.start);
    return others.map((other) => {
      const { start, end } = document.locate(other.pointer);
      return {
        start,
        end,
        message: `the connector is called ${quoted(other.text)} here and ${quoted(first.text)} ${placeText(there, positions().at(start))}: Kafka Connect refuses a '${other.place}' that differs`,
        hint: visible(settingText(document.format, 'name', first.text)),
        isName: true,
      };
    });
  },
};
