import { didYouMean } from '../did-you-mean.ts';
import type { Rule } from '../rule.ts';
import { visible } from '../../domain/visible.ts';
import { settingText } from '../setting-text.ts';
import { quoted } from '../wording.ts';
import { classNamed } from '../worker/verdict.ts';

export const missingPlugin: Rule = {
  id: 'missing-plugin',
  severity: 'error',
  sentence: 'The worker has no connector plugin of that class.',
  needs: 'worker',
  each: 'connector',
  check({ connector, document, verdict }) {
    const entry = connector.entries.find(({ key }) => key === 'connector.class');
    const named = entry?.value;
    if (verdict === undefined || entry === undefined || !named) return [];
    const { classes } = verdict;
    if (classNamed(named, classes) !== undefined) return [];
    const near =
      didYouMean(named, classes) ?? classes.find((name) => simple(name) === simple(named));
    const what = `the worker has no connector plugin ${quoted(named)}`;
    return [
      {
        ...document.locate(entry.pointer),
        isName: true,
        message: near === undefined ? what : `${what}: did you mean ${quoted(near)}?`,
        hint:
          near === undefined
            ? `install it in a folder of the worker's plugin.path    (it has ${classes.map(visible).join(', ')})`
            : visible(settingText(document.format, 'connector.class', near)),
      },
    ];
  },
};

/** Without its package: the right class may have been given a wrong one. */
function simple(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1).toLowerCase();
}
