import type { Rule } from '../rule.ts';
import { quoted } from '../wording.ts';

export const nameMismatch: Rule = {
  id: 'name-mismatch',
  severity: 'error',
  sentence: 'A connector is given two different names; Kafka Connect answers that with an error.',
  each: 'connector',
  check({ connector, document, positions }) {
    const [first, ...others] = connector.names;
    if (first === undefined) return [];
    return others
      .filter(({ text }) => text !== first.text)
      .map(({ text, pointer, place }) => {
        const { line } = positions().at(
          (first.isMember ? document.locateName(first.pointer) : document.locate(first.pointer)).start,
        );
        return {
          ...document.locate(pointer),
          message: `the connector is called ${quoted(text)} here and ${quoted(first.text)} on line ${line}: Kafka Connect refuses a '${place}' that differs`,
          hint: `"name": ${JSON.stringify(first.text)}`,
          isName: true,
        };
      });
  },
};
