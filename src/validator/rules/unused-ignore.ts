import type { Format } from '../../documents/document.ts';
import { didYouMean } from '../did-you-mean.ts';
import { type Ignore, NEVER_IGNORED, OF_FILE, OF_LINE } from '../ignores.ts';
import type { IgnoreContext, Rule } from '../rule.ts';

export const unusedIgnore: Rule = {
  id: 'unused-ignore',
  severity: 'warning',
  sentence:
    'A comment asks for a finding to be ignored, and does nothing: it names no rule that there is, gives no reason, or there is no such finding where it stands.',
  each: 'ignore',
  check(context) {
    const { ignore } = context;
    const fault = faultOf(context);
    if (fault === undefined) return [];
    const { text, rule = ignore.rule } = fault;
    const length = shownLength(ignore.word);
    const isRule = length === ignore.word.length && context.ids.includes(ignore.rule);
    return [
      {
        start: ignore.start,
        // What stands in place of a rule, or joined to the word, may be anything, and is not shown.
        end: isRule ? ignore.end : ignore.start + length,
        isName: true,
        message: text,
        hint: fault.hint ?? pattern(ignore, rule),
      },
    ];
  },
};

/** Other tools have `…-next-line` too. */
function shownLength(word: string): number {
  return /^secretreg[-: ]ignore(?:(?:-next)?-(?:line|file)(?!\w))?/.exec(word)?.[0].length ?? 0;
}

interface Fault {
  text: string;
  rule?: string;
  hint?: string;
}

function faultOf({ ignore, ids, isSought }: IgnoreContext): Fault | undefined {
  const { word, rule, hasReason, isAtTop, used } = ignore;
  if (word !== OF_LINE && word !== OF_FILE)
    return { text: `this ignores nothing: it is written '${OF_LINE}' or '${OF_FILE}'` };
  if (rule === '') return { text: 'this ignores nothing: it names no rule', rule: 'RULE' };
  if (!ids.includes(rule)) {
    const near = didYouMean(rule, ids);
    const meant = near === undefined ? '' : `; did you mean '${near}'?`;
    return { text: `this ignores nothing: no rule is called so${meant}`, rule: near ?? 'RULE' };
  }
  if (NEVER_IGNORED.has(rule))
    return { text: `'${rule}' is never ignored`, hint: 'remove the comment' };
  if (!hasReason)
    return { text: 'this ignores nothing: it gives no reason why the finding is meant' };
  if (word === OF_FILE && !isAtTop)
    return {
      text: 'this ignores nothing: what is for the whole file stands in front of all settings',
      hint: 'move the comment to the top of the file',
    };
  if (used > 0 || !isSought(rule)) return undefined;
  const where = word === OF_FILE ? 'in this file' : 'on its line, nor on the next one';
  return {
    text: `'${rule}' finds nothing ${where}: there is nothing to ignore`,
    hint: 'remove the comment',
  };
}

const SIGNS: Record<Format, string> = {
  json: '#',
  yaml: '#',
  properties: '#',
  terraform: '#',
  'terraform-json': '#',
  ksql: '--',
  shell: '#',
};

function pattern({ format, word }: Ignore, rule: string): string {
  return `${SIGNS[format]} ${word.includes('file') ? OF_FILE : OF_LINE} ${rule} the reason why it is meant`;
}
