// Which connectors a worker is asked about, and with what.
import { readSource } from '../../documents/read.ts';
import type { Connector } from '../../documents/shapes.ts';
import { scanReferences } from '../../domain/reference.ts';
import type { FileReport } from '../diagnostic.ts';
import { type Input, providersOf, shapeOptions, type ValidateOptions } from '../validate.ts';
import { type Asked, withDummies } from './dummies.ts';
import type { Definition } from './verdict.ts';

export interface Question {
  /** JSON pointer of the connector. */
  pointer: string;
  /** As the file has it. */
  className: string;
  /** The configuration with dummies of the types that are known. */
  asked(definitions: readonly Definition[]): Asked;
}

/** For the connectors in which nothing is wrong so far: it is known already that a worker would not run the others. */
export async function questionsFor(
  { text, connectorName }: Input,
  { diagnostics }: FileReport,
  options: ValidateOptions,
): Promise<Question[]> {
  const providers = providersOf(options);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const { connectors } = await readSource(text, shapeOptions(providers));
  return connectors.flatMap((connector) => {
    const className = classOf(connector);
    if (className === undefined) return [];
    const own = errors.length === 0 ? undefined : connector.document.locate(connector.pointer);
    if (own && errors.some(({ start }) => start >= own.start && start < own.end)) return [];
    const name = connector.name ?? connectorName;
    return [
      {
        pointer: connector.pointer,
        className,
        asked: (definitions) => withDummies(connector, name, definitions, providers),
      },
    ];
  });
}

/** undefined for a class in a reference too: only the worker that has the value knows it. */
function classOf({ entries }: Connector): string | undefined {
  const className = entries.find(({ key }) => key === 'connector.class')?.value;
  if (className === undefined || className === null || className === '') return undefined;
  return scanReferences(className).length > 0 ? undefined : className;
}
