// The REST API of a Connect worker, as far as it is needed here. Whatever it says in free text may hold a value that its
// providers have put in: messages and traces are not taken over.
import { answered, type WorkerOptions, WorkerConnection } from './worker-connection.ts';
import {
  type About,
  about,
  type Connector,
  connectors,
  type ConnectorStatus,
  connectorStatus,
  type Definition,
  definitions,
  type Plugin,
  plugins,
  type Validation,
  validation,
} from './worker-answers.ts';

export class ConnectWorker {
  /** The addresses, for people. */
  readonly place: string;
  readonly #options: WorkerOptions;
  readonly #connection: WorkerConnection;

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#connection = new WorkerConnection(options);
    this.place = this.#connection.place;
  }

  about(): Promise<About> {
    return this.#connection.ask({ method: 'GET', path: '/', what: 'tell who it is' }, about);
  }

  /** Every connector of the group by name, with its configuration as it was submitted: references stand in it. */
  connectors(): Promise<Map<string, Connector>> {
    const path = '/connectors?expand=info&expand=status';
    return this.#connection.ask({ method: 'GET', path, what: 'list its connectors' }, connectors);
  }

  status(name: string): Promise<ConnectorStatus> {
    const what = `tell the state of connector '${name}'`;
    const path = `/connectors/${encodeURIComponent(name)}/status`;
    return this.#connection.ask({ method: 'GET', path, what }, connectorStatus);
  }

  /** Asks for a restart of the connector and all its tasks (KIP-745), by which references are resolved anew. Resolves before it is begun. */
  restart(name: string): Promise<void> {
    const what = `restart connector '${name}'`;
    const path = `/connectors/${encodeURIComponent(name)}/restart?includeTasks=true&onlyFailed=false`;
    return this.#connection.ask({ method: 'POST', path, what }, answered);
  }

  /** Of all kinds; of connectors only where the worker is older than 3.2 (KIP-769). */
  plugins(): Promise<Plugin[]> {
    const path = '/connector-plugins?connectorsOnly=false';
    return this.#connection.ask({ method: 'GET', path, what: 'list its plugins' }, plugins);
  }

  /** What a plugin takes in its configuration (KIP-769). Fails with worker-refused where there is none of that name. */
  definitions(plugin: string): Promise<Definition[]> {
    const what = `tell what plugin '${plugin}' takes`;
    const path = `/connector-plugins/${encodeURIComponent(plugin)}/config`;
    return this.#connection.ask({ method: 'GET', path, what }, definitions);
  }

  /**
   * What the worker has to say against a configuration, which it resolves for that. The errors may hold values.
   * `mask` makes the worker's own message fit to be shown where it refuses to validate at all.
   */
  validate(
    plugin: string,
    config: ReadonlyMap<string, string>,
    options: { mask?: (message: string) => string } = {},
  ): Promise<Validation> {
    const ask = {
      method: 'PUT' as const,
      path: `/connector-plugins/${encodeURIComponent(plugin)}/config/validate`,
      body: Object.fromEntries(config),
      what: `validate a configuration of '${plugin}'`,
      ...options,
    };
    return this.#connection.ask(ask, validation);
  }

  /** One for each address: plugins are each worker's own. */
  each(): ConnectWorker[] {
    return this.#options.urls.map((url) => new ConnectWorker({ ...this.#options, urls: [url] }));
  }

  close(): void {
    this.#connection.close();
  }
}
