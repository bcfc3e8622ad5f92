// Connector configurations in, diagnostics out. Existence is that of the paths that the caller may list; the answer holds
// names and places, never text of a file. Of values it tells whether they fit, to whoever may read them.
import { Type } from 'typebox';
import type { Diagnostic, FileReport } from '../../validator/diagnostic.ts';
import { SecretregError } from '../../errors.ts';
import { FitAnswer, FitQuestions, ValidateAnswer, ValidateRequest } from '../../rest/schemas.ts';
import { existenceOf } from '../../validator/existence.ts';
import { askFitsOf, type ValueTally } from '../../validator/fits.ts';
import { validator } from '../../validator/validate.ts';
import { keyOf } from '../names.ts';
import { type Route, route } from '../route.ts';

export const validateRoutes: readonly Route[] = [
  route({
    method: 'POST',
    url: '/validate',
    action: 'list',
    operationId: 'validate',
    summary:
      'Checks connector files: that references are well formed, under the own name and existing, and no credential stands in clear',
    schema: { body: ValidateRequest, answer: ValidateAnswer },
    errors: [],
    async handler({ body }, { registry, clock }) {
      const { files, providers, allProviders = false, connector, checkValues = false } = body;
      const values: ValueTally = { checked: 0, notSeen: 0 };
      const existence = existenceOf(await registry.listPaths({ deleted: true }));
      let found = 0;
      const check = validator({
        onFindings(count) {
          found += count;
          if (found > MOST_FINDINGS) throw tooMany();
        },
        allProviders,
        inlineIgnores: true,
        existence,
        ...(checkValues && { askFits: askFitsOf(registry, values) }),
        now: clock().toISOString(),
        ...(providers && { providerNames: providers }),
        ...(connector !== undefined && { connectorName: connector }),
      });
      const reports: FileReport[] = [];
      for (const { name, text } of files) reports.push(await check({ file: name, text }));
      return {
        body: {
          files: reports.map(({ file, connectors, references, diagnostics }) => ({
            file,
            connectors,
            references,
            diagnostics: diagnostics.map(diagnosticBody),
          })),
          ...(checkValues && { values }),
        },
      };
    },
  }),
  route({
    method: 'POST',
    url: '/secret/paths/:path/checks',
    action: 'read',
    operationId: 'checkValues',
    summary: 'Whether values can stand where connectors refer to them; the values do not come',
    schema: { body: FitQuestions, answer: Type.Array(FitAnswer) },
    errors: ['bad-key', 'path-not-found'],
    async handler({ params, body }, { registry }) {
      const questions = body.questions.map((one) => ({ ...one, key: keyOf(one.key) }));
      return { body: await registry.checkValues(params.path, questions) };
    },
  }),
];

/** More than anybody reads. Each looks for what was probably meant among all keys, and stands in the answer. */
const MOST_FINDINGS = 2000;

function tooMany(): SecretregError {
  const reason = `the files have more than ${MOST_FINDINGS} faults: fewer files at a time are needed`;
  return new SecretregError('wrong-use', { reason });
}

function diagnosticBody(it: Diagnostic) {
  const { rule, severity, line, column, endLine, endColumn, connector, message, hint } = it;
  return {
    rule,
    severity,
    line,
    column,
    endLine,
    endColumn,
    ...(connector !== undefined && { connector }),
    message,
    ...(hint !== undefined && { hint }),
  };
}
