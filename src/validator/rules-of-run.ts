// The rules that can find anything in a run, by what they look at. Those that need what the run lacks, such as the names in a
// registry, are left out: otherwise each would be asked about each reference.
import type { ValidateOptions } from './validate.ts';
import type { Rule } from './rule.ts';
import { rules } from './rules/index.ts';

export interface RulesOfRun {
  document: RuleOn<'document'>[];
  connector: RuleOn<'connector'>[];
  setting: RuleOn<'setting'>[];
  reference: RuleOn<'reference'>[];
  /** The rules on references that also look at a value as a whole. */
  value: (RuleOn<'reference'> & Required<Pick<RuleOn<'reference'>, 'checkValue'>>)[];
  ignore: RuleOn<'ignore'>[];
}

type RuleOn<Each extends Rule['each']> = Extract<Rule, { each: Each }>;

export function rulesOfRun(options: ValidateOptions): RulesOfRun {
  const able = rules.filter((rule) => canFind(rule, options));
  const reference = able.filter((rule) => rule.each === 'reference');
  return {
    document: able.filter((rule) => rule.each === 'document'),
    connector: able.filter((rule) => rule.each === 'connector'),
    setting: able.filter((rule) => rule.each === 'setting'),
    reference,
    value: reference.filter((rule): rule is RulesOfRun['value'][number] => 'checkValue' in rule),
    ignore: able.filter((rule) => rule.each === 'ignore'),
  };
}

/** Whether the run has what the rule needs. */
export function canFind({ needs }: Rule, options: ValidateOptions): boolean {
  if (needs === 'existence') return options.existence !== undefined;
  if (needs === 'values') return options.askFits !== undefined;
  return needs !== 'worker' || options.verdicts !== undefined;
}
