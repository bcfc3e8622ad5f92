import type { Connector } from '../../documents/shapes.ts';
import { scanReferences } from '../../domain/reference.ts';
import type { ConnectorContext, Rule } from '../rule.ts';
import { settingLine } from '../setting-text.ts';

export const missingName: Rule = {
  id: 'missing-name',
  severity: 'error',
  sentence:
    'The connector has no name, so that nothing tells which path its references may use. A flat map without references needs none: its name stands in the URL. Settings in a ConfigMap or a Secret need none either: another resource may name them. Where a template or a variable stands for the name, only `resolve`, `render` and `run` ask for it.',
  each: 'connector',
  check(context) {
    const { connector, document, name, needsNames } = context;
    if (name !== undefined) return [];
    const { start } = document.locate(connector.pointer);
    if (connector.unknown?.name === true) {
      if (!needsNames || !hasOwnReference(context)) return [];
      return [{ start, end: start + 1, message: NOT_KNOWN, hint: GIVEN }];
    }
    if (!connector.needsName && !hasOwnReference(context)) return [];
    const line = settingLine(document.format, 'name', 'orders');
    const hint = connector.needsName
      ? line
      : `${line}    (or --name-from-file; validate, resolve and render also take --connector orders)`;
    return [{ start, end: start + 1, message: messageFor(connector), hint }];
  },
};

/** Of a template, a variable, or what stands elsewhere. */
const NOT_KNOWN =
  'the name of the connector is not known here, so its references cannot be checked: their path must be that name';
const GIVEN = '--connector orders    (of resolve and render; or --name-from-file)';

function messageFor({ needsName, called }: Connector): string {
  if (!needsName)
    return 'the connector has no name, so its references cannot be checked: their path must be that name';
  return called === undefined
    ? 'the connector has no name: Kafka Connect refuses it, and its references cannot be checked'
    : `the resource has no '${called.name.join('.')}': it cannot be created, and its references cannot be checked`;
}

function hasOwnReference({ connector, providers }: ConnectorContext): boolean {
  return connector.entries.some(
    ({ value }) =>
      value !== null && scanReferences(value).some(({ provider }) => providers.isOurs(provider)),
  );
}
