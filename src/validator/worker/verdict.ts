// What a Connect worker says about one connector. It is asked with dummies in place of the references.

/** A setting as the worker's ConfigDef has it (`GET /connector-plugins/CLASS/config`, KIP-769, and `config/validate`). */
export interface Definition {
  name: string;
  /** A ConfigDef.Type: `STRING`, `PASSWORD`, `INT`, … */
  type: string;
  defaultValue?: string;
  /** The values that the connector recommends. */
  recommended: readonly string[];
  documentation: string;
}

export interface WorkerVerdict {
  /** The connector classes of the worker. */
  classes: readonly string[];
  /** Of all settings of the connector; empty where the worker has no such class. */
  definitions: readonly Definition[];
  /** The settings with errors, by name; the texts are the worker's, and may quote any value of the configuration. */
  fields: readonly { name: string; errors: readonly string[] }[];
  /** The worker's words where it refused the whole configuration. */
  refusal?: string;
}

/**
 * The class of the worker that `connector.class` means: its full name, its simple one, or that without `Connector`
 * (Kafka's PluginUtils.prunedName).
 */
export function classNamed(text: string, classes: readonly string[]): string | undefined {
  const alias = (name: string) =>
    name.slice(Math.max(name.lastIndexOf('.'), name.lastIndexOf('$')) + 1);
  return (
    classes.find((name) => name === text) ??
    classes.find((name) => alias(name) === text || alias(name).replace(/Connector$/, '') === text)
  );
}
