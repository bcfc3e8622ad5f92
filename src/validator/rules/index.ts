// Every rule, in the order in which they look at a reference. One rule is one file, one line here, and one case
// of the same name in fixtures/validate/, from which docs/rules.md takes its example.
import type { Rule } from '../rule.ts';
import { breaksItsSurroundings } from './breaks-its-surroundings.ts';
import { dangerousSetting } from './dangerous-setting.ts';
import { deletedVersion } from './deleted-version.ts';
import { duplicateKey } from './duplicate-key.ts';
import { expiredSecret } from './expired-secret.ts';
import { exposedReference } from './exposed-reference.ts';
import { literalSecret } from './literal-secret.ts';
import { malformedReference } from './malformed-reference.ts';
import { maskedValue } from './masked-value.ts';
import { misspelledSetting } from './misspelled-setting.ts';
import { missingClass } from './missing-class.ts';
import { missingKey } from './missing-key.ts';
import { missingName } from './missing-name.ts';
import { missingPath } from './missing-path.ts';
import { missingPlugin } from './missing-plugin.ts';
import { notAscii } from './not-ascii.ts';
import { nameMismatch } from './name-mismatch.ts';
import { parseError } from './parse-error.ts';
import { pathIsNotConnector } from './path-is-not-connector.ts';
import { quotedReference } from './quoted-reference.ts';
import { rotationDue } from './rotation-due.ts';
import { sharedPath } from './shared-path.ts';
import { template } from './template.ts';
import { unknownProvider } from './unknown-provider.ts';
import { unusedIgnore } from './unused-ignore.ts';
import { unusedSecret } from './unused-secret.ts';
import { workerRefused } from './worker-refused.ts';
import { workerRefusedDummy } from './worker-refused-dummy.ts';

export const rules: readonly Rule[] = [
  parseError,
  template,
  duplicateKey,
  missingName,
  nameMismatch,
  missingClass,
  malformedReference,
  unknownProvider,
  pathIsNotConnector,
  missingPath,
  missingKey,
  deletedVersion,
  quotedReference,
  breaksItsSurroundings,
  expiredSecret,
  rotationDue,
  literalSecret,
  maskedValue,
  exposedReference,
  misspelledSetting,
  dangerousSetting,
  notAscii,
  missingPlugin,
  workerRefused,
  workerRefusedDummy,
  unusedSecret,
  sharedPath,
  unusedIgnore,
];
