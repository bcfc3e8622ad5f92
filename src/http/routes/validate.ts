// Connector configurations in, diagnostics out. Existence is that of the paths that the caller may list; the answer holds
// names and places, never text of a file.
import type { Diagnostic } from '../../validator/diagnostic.ts';
import { ValidateAnswer, ValidateRequest } from '../../rest/schemas.ts';
import { existenceOf } from '../../validator/existence.ts';
import { validator } from '../../validator/validate.ts';
import { type Route, route } from '../route.ts';

export const validateRoutes: readonly Route[] = [
  route({
    method: 'POST',
    url: '/validate',
    action: 'list',
    operationId: 'validate',
    summary: 'Checks every reference in connector files: well formed, under the own name, existing',
    schema: { body: ValidateRequest, answer: ValidateAnswer },
    errors: [],
    async handler({ body }, { registry }) {
      const { files, providers, allProviders = false, connector } = body;
      const existence = existenceOf(await registry.listPaths({ deleted: true }));
      const check = validator({
        allProviders,
        existence,
        ...(providers && { providerNames: providers }),
        ...(connector !== undefined && { connectorName: connector }),
      });
      const reports = files.map(({ name, text }) => check({ file: name, text }));
      return {
        body: {
          files: reports.map(({ file, connectors, references, diagnostics }) => ({
            file,
            connectors,
            references,
            diagnostics: diagnostics.map(diagnosticBody),
          })),
        },
      };
    },
  }),
];

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
