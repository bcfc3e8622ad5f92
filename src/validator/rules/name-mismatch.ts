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
    const { names, nameInUrl } = connector;
    const [first] = names;
    const name = nameInUrl ?? first?.text;
    const others = names.filter(({ text }) => text !== name);
    if (first === undefined || name === undefined || others.length === 0) return [];
    const place = first.isMember
      ? document.locateName(first.pointer)
      : document.locate(first.pointer);
    const there = positions().at(place.start);
    return others.map((other) => {
      const { start, end } = document.locate(other.pointer);
      const where =
        nameInUrl === undefined
          ? placeText(there, positions().at(start))
          : 'in the address that it is sent to';
      return {
        start,
        end,
        message: `the connector is called ${quoted(other.text)} here and ${quoted(name)} ${where}: Kafka Connect refuses a '${other.place}' that differs`,
        hint: visible(settingText(document.format, 'name', name)),
        isName: true,
      };
    });
  },
};
