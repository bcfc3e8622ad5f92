// The ways by which a configuration comes to a worker. Each is taken by a worker without the extension.
import { recording, submit } from './connectors.ts';
import type { Answer, Worker } from './worker.ts';

type Config = Record<string, string>;

export interface WayIn {
  by: string;
  /** Hands in a connector of this name with these settings beside its own. */
  hand: (worker: Worker, name: string, config: Config) => Promise<Answer>;
}

export const waysIn: readonly WayIn[] = [
  { by: 'POST', hand: post },
  {
    by: 'POST of a stopped connector',
    hand: (worker, name, config) => post(worker, name, config, { initial_state: 'STOPPED' }),
  },
  {
    by: 'POST whose URL has a parameter of a segment',
    hand: (worker, name, config) =>
      worker.request('POST', '/connectors;z', { name, config: recording(worker, name, config) }),
  },
  {
    by: 'POST to a URL that ends in a slash',
    hand: (worker, name, config) =>
      worker.request('POST', '/connectors/', { name, config: recording(worker, name, config) }),
  },
  {
    by: 'POST with two names, of which the worker takes the second',
    hand: (worker, name, config) =>
      worker.request(
        'POST',
        '/connectors',
        `{"name":"other","name":"${name}","config":${text(worker, name, config)}}`,
      ),
  },
  {
    by: 'POST with two configurations, of which the worker takes the second',
    hand: (worker, name, config) =>
      worker.request(
        'POST',
        '/connectors',
        `{"name":"${name}","config":{},"config":${text(worker, name, config)}}`,
      ),
  },
  { by: 'PUT', hand: (worker, name, config) => submit(worker, name, config) },
  {
    by: 'PUT with the name in its body too',
    hand: (worker, name, config) => submit(worker, name, { name, ...config }),
  },
  {
    by: 'PUT whose URL has parameters of segments',
    hand: (worker, name, config) => put(worker, `/connectors;z/${name}/config;q`, name, config),
  },
  {
    by: 'PUT whose URL has a parameter after the name',
    hand: (worker, name, config) => put(worker, `/connectors/${name};a=b/config`, name, config),
  },
  {
    by: 'PUT to a URL that ends in a slash',
    hand: (worker, name, config) => put(worker, `/connectors/${name}/config/`, name, config),
  },
  {
    by: 'PUT to a URL with a query',
    hand: (worker, name, config) =>
      put(worker, `/connectors/${name}/config?forward=true`, name, config),
  },
  {
    by: 'PUT whose URL has a needless escape in the name',
    hand: (worker, name, config) => {
      const escaped = `%${name.charCodeAt(0).toString(16)}${name.slice(1)}`;
      return put(worker, `/connectors/${escaped}/config`, name, config);
    },
  },
  {
    by: 'PUT that has each setting twice, of which the worker takes the second',
    hand: (worker, name, config) => {
      const first = Object.keys(config).map((key) => `${JSON.stringify(key)}:"harmless",`);
      const body = text(worker, name, config).replace('{', `{${first.join('')}`);
      return worker.request('PUT', `/connectors/${name}/config`, body);
    },
  },
  {
    by: 'PUT with a character set',
    hand: (worker, name, config) =>
      worker.request('PUT', `/connectors/${name}/config`, text(worker, name, config), {
        'content-type': 'application/json;charset=UTF-8',
      }),
  },
  {
    by: 'PUT with every character escaped',
    hand: (worker, name, config) =>
      worker.request('PUT', `/connectors/${name}/config`, escaped(recording(worker, name, config))),
  },
  {
    by: 'PATCH',
    async hand(worker, name, config) {
      await submit(worker, name);
      return worker.request('PATCH', `/connectors/${name}/config`, config);
    },
  },
];

function post(worker: Worker, name: string, config: Config, more: object = {}): Promise<Answer> {
  const body = { name, config: recording(worker, name, config), ...more };
  return worker.request('POST', '/connectors', body);
}

function put(worker: Worker, url: string, name: string, config: Config): Promise<Answer> {
  return worker.request('PUT', url, recording(worker, name, config));
}

function text(worker: Worker, name: string, config: Config): string {
  return JSON.stringify(recording(worker, name, config));
}

/** JSON whose texts are nothing but `\uXXXX`. */
function escaped(config: Config): string {
  const units = (it: string) =>
    it
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join('');
  const members = Object.entries(config).map(([key, value]) => `"${units(key)}":"${units(value)}"`);
  return `{${members.join(',')}}`;
}
