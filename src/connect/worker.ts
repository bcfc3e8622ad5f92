// The REST API of a Connect worker, as far as it is needed here. Whatever it says in free text may hold a value that its
// providers have put in: messages and traces are not taken over.
import { hasCode } from '../errors.ts';
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
  type TaskConfig,
  taskConfigs,
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

  /** Whether it answers at all, where it did not answer something else as a worker does. */
  async isThere(): Promise<boolean> {
    try {
      await this.about();
      return true;
    } catch {
      return false;
    }
  }

  /** Every connector of the group by name, with its configuration as it was submitted: references stand in it. */
  connectors(): Promise<Map<string, Connector>> {
    const path = '/connectors?expand=info&expand=status';
    return this.#connection.ask({ method: 'GET', path, what: 'list its connectors' }, connectors);
  }

  /** The same as the worker's JSON, for reports that tell places in it. */
  deployed(): Promise<string> {
    const what = 'list its connectors';
    return this.#connection.text({ method: 'GET', path: '/connectors?expand=info', what });
  }

  status(name: string): Promise<ConnectorStatus> {
    const what = `tell the state of connector '${name}'`;
    const path = `/connectors/${encodeURIComponent(name)}/status`;
    return this.#connection.ask({ method: 'GET', path, what }, connectorStatus);
  }

  /** What a connector gave its tasks, with the references in it: a worker resolves them when it starts a task. */
  taskConfigs(name: string): Promise<TaskConfig[]> {
    const what = `list the tasks of connector '${name}'`;
    const path = `/connectors/${encodeURIComponent(name)}/tasks`;
    return this.#connection.ask({ method: 'GET', path, what }, taskConfigs);
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
   * What the worker has to say against a configuration, which it resolves for that. The texts may hold values. Fails with
   * what `ask` fails with, but for a refusal of the whole configuration.
   */
  async validate(plugin: string, config: object): Promise<Validation | Refusal> {
    let refusal: string | undefined;
    const ask = {
      method: 'PUT' as const,
      path: `/connector-plugins/${encodeURIComponent(plugin)}/config/validate`,
      body: config,
      what: `validate a configuration of '${plugin}'`,
      mask: (message: string) => {
        refusal = message;
        return 'its log says more';
      },
    };
    try {
      return await this.#connection.ask(ask, validation);
    } catch (error) {
      const isOwn = hasCode(error, 'worker-refused') && isAboutConfiguration(error.params.status);
      if (!isOwn || refusal === undefined || TIMED_OUT.test(refusal)) throw error;
      return { refusal };
    }
  }

  /** One for each address: plugins are each worker's own. */
  each(): ConnectWorker[] {
    return this.#options.urls.map((url) => new ConnectWorker({ ...this.#options, urls: [url] }));
  }

  close(): void {
    this.#connection.close();
  }
}

/** A configuration that was refused as a whole; the text is the worker's. */
export interface Refusal {
  refusal: string;
}

/** Connect answers 500 too where a client's setting is wrong, or the class does not exist. */
function isAboutConfiguration(status: number): boolean {
  return status === 400 || status === 422 || status === 500 || status === 502;
}

/** `Request timed out. The worker is currently …` (HerderRequestHandler) says nothing of the configuration. */
const TIMED_OUT = /^Request timed out/;
