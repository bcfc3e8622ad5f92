import type { Rule } from '../rule.ts';
import { refusals } from '../worker/refusals.ts';

export const workerRefused: Rule = {
  id: 'worker-refused',
  severity: 'error',
  sentence:
    "The connector's own check in the worker refuses a setting, or the worker all of them. What it says is shown without values of the file.",
  needs: 'worker',
  each: 'connector',
  check(context) {
    return refusals(context).flatMap(({ ofDummy, ...finding }) => (ofDummy ? [] : [finding]));
  },
};
