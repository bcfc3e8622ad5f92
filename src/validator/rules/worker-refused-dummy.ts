import type { Rule } from '../rule.ts';
import { refusals } from '../worker/refusals.ts';

export const workerRefusedDummy: Rule = {
  id: 'worker-refused-dummy',
  severity: 'warning',
  sentence:
    'The worker refuses a setting that holds a reference, or cannot log in. It is asked with a dummy in place of each reference, so that this says nothing against the value that is stored: whether that one fits is for you to look at. A connector that logs in while it is checked tries it with the dummy.',
  needs: 'worker',
  each: 'connector',
  check(context) {
    return refusals(context).flatMap(({ ofDummy, ...finding }) => (ofDummy ? [finding] : []));
  },
};
