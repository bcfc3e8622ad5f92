import type { Rule } from '../rule.ts';
import { visible } from '../../domain/visible.ts';
import { placeText } from '../wording.ts';

export const duplicateKey: Rule = {
  id: 'duplicate-key',
  severity: 'error',
  sentence:
    'A setting stands twice in one object: Kafka Connect takes the last one, a reader the first one he sees. In JSON, names that begin with `_`, `//` or `#` are comments, and may repeat.',
  each: 'document',
  check({ document, positions }) {
    return document.problems
      .filter(({ kind, isComment }) => kind === 'duplicate-key' && isComment !== true)
      .map(({ start, end, text, earlier, effect = 'only the last one counts', hint }) => ({
        start,
        end,
        message: `${visible(text)}, ${placeText(positions().at(earlier ?? start), positions().at(start))}: ${effect}`,
        hint: hint ?? 'remove one of the two',
        isName: true,
      }));
  },
};
