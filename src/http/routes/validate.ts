// Connector configurations in, diagnostics out. Only secrets whose path the caller may list count as existing. The answer holds
// names and places, never text of a file. Whether values fit is told to whoever may read them.
import { Type } from 'typebox';
import { FitAnswer, FitQuestions, ValidateAnswer, ValidateRequest } from '../../rest/schemas.ts';
import { factsOf } from '../../validator/existence.ts';
import { askFitsOf, type ValueTally } from '../../validator/fits.ts';
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
    async handler({ body }, { registry, clock, fileChecks }) {
      const { files, providers, allProviders = false, connector, checkValues = false } = body;
      const values: ValueTally = { checked: 0, notSeen: 0 };
      const check = {
        files: files.map(({ name, text }) => ({ file: name, text, connectorName: connector })),
        options: {
          allProviders,
          now: clock().toISOString(),
          ...(providers && { providerNames: providers }),
        },
        facts: factsOf(await registry.listPaths({ deleted: true })),
        asks: checkValues,
      };
      const checked = await fileChecks.run(check, askFitsOf(registry, values));
      return { body: { files: checked.files, ...(checkValues && { values }) } };
    },
  }),
  route({
    method: 'POST',
    url: '/secret/paths/:path/checks',
    action: 'read',
    operationId: 'checkValues',
    summary:
      'Whether values can stand where connectors refer to them, told once for equal questions; no value comes',
    schema: { body: FitQuestions, answer: Type.Array(FitAnswer) },
    errors: ['bad-key', 'path-not-found'],
    async handler({ params, body }, { registry }) {
      const questions = body.questions.map((one) => ({ ...one, key: keyOf(one.key) }));
      return { body: await registry.checkValues(params.path, questions) };
    },
  }),
];
