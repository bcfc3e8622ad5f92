import type { Rule } from '../rule.ts';
import { placeText } from '../wording.ts';

export const parseError: Rule = {
  id: 'parse-error',
  severity: 'error',
  sentence: 'The file cannot be read as what it was written as; the first fault is shown.',
  each: 'document',
  check({ document, positions }) {
    const found = document.problems.find(({ kind }) => kind === 'parse-error');
    if (found === undefined) return [];
    const { start, end, text, hint, earlier } = found;
    const since =
      earlier === undefined
        ? ''
        : ` for the bracket ${placeText(positions().at(earlier), positions().at(start))}`;
    return [{ start, end, message: `${text}${since}`, ...(hint !== undefined && { hint }) }];
  },
};
