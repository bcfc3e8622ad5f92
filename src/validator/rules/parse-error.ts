import type { Rule } from '../rule.ts';

export const parseError: Rule = {
  id: 'parse-error',
  severity: 'error',
  sentence: 'The file is not JSON; the first fault is shown.',
  each: 'document',
  check({ document, positions }) {
    return document.problems
      .filter(({ kind }) => kind === 'parse-error')
      .map(({ start, end, text, hint, earlier }) => ({
        start,
        end,
        message: earlier === undefined ? text : `${text}, which begins on line ${positions().at(earlier).line}`,
        ...(hint !== undefined && { hint }),
      }));
  },
};
