// What a worker answers, parsed at this border. Traces and values are dropped here: they may be secret.
import { flag, list, Malformed, object, type Shape, text, whole } from '../exchange/shapes.ts';

export interface About {
  version: string;
  commit: string;
  kafkaClusterId: string;
}

/** Of a connector or a task: `RUNNING`, `FAILED`, `PAUSED`, `STOPPED`, `UNASSIGNED`, `RESTARTING`, and what may come. */
export interface Unit {
  state: string;
  /** `host:port` of the worker that has it. */
  workerId: string;
}

export interface ConnectorStatus extends Unit {
  /** Those that had a state already. */
  tasks: (Unit & { id: number })[];
}

export interface Connector extends ConnectorStatus {
  /** `source`, `sink` or `unknown`. */
  type: string;
  config: ReadonlyMap<string, string>;
}

/** What a connector gave one of its tasks. */
export type TaskConfig = ReadonlyMap<string, string>;

export interface Plugin {
  class: string;
  /** `source`, `sink`, `converter`, `transformation` … */
  type: string;
  version: string | undefined;
}

/** A setting that a plugin takes, as its ConfigDef has it. */
export interface Definition {
  name: string;
  /** Such as `STRING` or `PASSWORD`. */
  type: string;
  required: boolean;
  defaultValue: string | undefined;
  documentation: string;
}

export interface Validation {
  errorCount: number;
  /** Each setting with what is wrong with it. */
  settings: {
    name: string;
    definition: Definition | undefined;
    recommended: string[];
    errors: string[];
  }[];
}

export const about: Shape<About> = (value) => {
  const { version, commit, kafka_cluster_id } = object({
    version: text,
    commit: text,
    kafka_cluster_id: text,
  })(value);
  return { version, commit, kafkaClusterId: kafka_cluster_id };
};

const unit = object({ state: text, worker_id: text });
const task = object({ id: whole, state: text, worker_id: text });

export const connectorStatus: Shape<ConnectorStatus> = (value) => {
  const { connector, tasks } = object({ connector: unit, tasks: list(task) })(value);
  return {
    state: connector.state,
    workerId: connector.worker_id,
    tasks: tasks.map(({ id, state, worker_id }) => ({ id, state, workerId: worker_id })),
  };
};

/** It becomes a part of an address, which half of a surrogate pair cannot be. */
const wellFormed: Shape<string> = (value) => {
  const given = text(value);
  if (!given.isWellFormed()) throw new Malformed();
  return given;
};

/** A setting may be null, which is none. */
const config: Shape<ReadonlyMap<string, string>> = (value) => {
  const settings = new Map<string, string>();
  for (const [name, setting] of entries(value))
    if (setting !== null) settings.set(name, text(setting));
  return settings;
};

const info = object({ type: text, config });

export const connectors: Shape<Map<string, Connector>> = (value) =>
  new Map(
    entries(value).map(([name, it]) => {
      const one = object({ info, status: connectorStatus })(it);
      return [wellFormed(name), { ...one.info, ...one.status }];
    }),
  );

const taskConfig = object({ config });

export const taskConfigs: Shape<TaskConfig[]> = (value) =>
  list(taskConfig)(value).map((task) => task.config);

export const plugins: Shape<Plugin[]> = list((value) => ({
  ...object({ class: wellFormed, type: text })(value),
  version: object({}, { version: optionalText })(value).version,
}));

const definition: Shape<Definition> = (value) => {
  const needed = object({ name: text, type: text, required: flag, documentation: text })(value);
  const { default_value } = object({}, { default_value: optionalText })(value);
  return { ...needed, defaultValue: default_value };
};

export const definitions: Shape<Definition[]> = list(definition);

export const validation: Shape<Validation> = (value) => {
  const { error_count, configs } = object({ error_count: whole, configs: list(setting) })(value);
  return { errorCount: error_count, settings: configs };
};

/** A setting that the plugin does not know has no definition. */
function setting(it: unknown): Validation['settings'][number] {
  const known = object({}, { definition: (one) => (one === null ? undefined : definition(one)) });
  const members = { name: text, errors: list(text), recommended_values: list(text) };
  const { name, errors, recommended_values } = object({ value: object(members) })(it).value;
  return { name, errors, recommended: recommended_values, definition: known(it).definition };
}

function optionalText(value: unknown): string | undefined {
  return value === null ? undefined : text(value);
}

function entries(value: unknown): [string, unknown][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Malformed();
  return Object.entries(value);
}
