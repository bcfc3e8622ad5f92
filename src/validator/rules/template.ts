import type { Rule } from '../rule.ts';

export const template: Rule = {
  id: 'template',
  severity: 'note',
  sentence:
    'The file is a template (Helm, Jinja, gomplate), which cannot be read before it is rendered, or a script puts its text together when it runs. Placeholders inside of strings make none.',
  each: 'document',
  check({ document }) {
    const found = document.problems.find(({ kind }) => kind === 'template');
    if (found === undefined) return [];
    const { start, end, text, hint } = found;
    return [{ start, end, message: text, ...(hint !== undefined && { hint }), isName: true }];
  },
};
