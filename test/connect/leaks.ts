// The ways by which a resolved value gets out through a worker's REST, each seen on a worker without the extension.
import { recording, submit, untilState, untilStatus } from './connectors.ts';
import type { WorkerVersion } from './install.ts';
import type { Worker } from './worker.ts';

/** The values of the settings `username` and `password` as a configuration has them. */
export interface References {
  username: string;
  password: string;
}

export interface Leak {
  through: string;
  /** Answers the text that shows the value. The connector has this name. */
  look: (worker: Worker, name: string, references: References) => Promise<string>;
  /** Only this version of Connect has the route. */
  version?: WorkerVersion;
}

const VALIDATE = '/connector-plugins/RecordingSourceConnector/config/validate';

export const leaks: readonly Leak[] = [
  {
    through: 'the answer of validate, where the setting is a text',
    look: (worker, name, { username }) => validate(worker, name, { username }),
  },
  {
    through: 'a part of a text in the answer of validate',
    look: (worker, name, { password }) =>
      validate(worker, name, { url: `jdbc:x://h/db?user=u&password=${password}&ssl=true` }),
  },
  {
    through: 'the errors of a setting in the answer of validate',
    look: (worker, name, { password }) => validate(worker, name, { password, 'fail.in': 'field' }),
  },
  {
    through: 'the error that validate itself ends with',
    look: (worker, name, { password }) =>
      validate(worker, name, { password, 'fail.in': 'validate' }),
  },
  {
    through: 'the message of a refused PUT',
    look: (worker, name, { password }) =>
      submit(worker, name, { password, 'fail.in': 'field' }).then(({ text }) => text),
  },
  {
    through: 'the message of a refused POST',
    look: async (worker, name, { password }) => {
      const config = recording(worker, name, { password, 'fail.in': 'field' });
      return (await worker.request('POST', '/connectors', { name, config })).text;
    },
  },
  {
    through: 'the message of a refused PATCH',
    async look(worker, name, { password }) {
      await submit(worker, name);
      const config = { password, 'fail.in': 'validate' };
      return (await worker.request('PATCH', `/connectors/${name}/config`, config)).text;
    },
  },
  {
    through: 'the configurations of tasks',
    async look(worker, name, { password }) {
      await copying(worker, name, password);
      return (await worker.request('GET', `/connectors/${name}/tasks`)).text;
    },
  },
  {
    through: 'the configurations of tasks by their older name',
    version: 3,
    async look(worker, name, { password }) {
      await copying(worker, name, password);
      return (await worker.request('GET', `/connectors/${name}/tasks-config`)).text;
    },
  },
  {
    through: 'the status of a connector that failed',
    async look(worker, name, { password }) {
      await submit(worker, name, { password, 'fail.in': 'start' });
      await untilStatus(worker, name, ({ connector }) => connector.state === 'FAILED');
      return (await worker.request('GET', `/connectors/${name}/status`)).text;
    },
  },
  {
    through: 'the status of a task that failed',
    async look(worker, name, { password }) {
      await failingTask(worker, name, password);
      const all = await worker.request('GET', `/connectors/${name}/status`);
      const one = await worker.request('GET', `/connectors/${name}/tasks/0/status`);
      if (!all.text.includes('trace') || !one.text.includes('trace')) throw new Error(one.text);
      return all.text + one.text;
    },
  },
  {
    through: 'the list of all connectors with their statuses',
    async look(worker, name, { password }) {
      await failingTask(worker, name, password);
      return (await worker.request('GET', '/connectors?expand=status&expand=info')).text;
    },
  },
];

async function validate(
  worker: Worker,
  name: string,
  config: Record<string, string>,
): Promise<string> {
  return (await worker.request('PUT', VALIDATE, recording(worker, name, { name, ...config }))).text;
}

async function copying(worker: Worker, name: string, password: string): Promise<void> {
  await submit(worker, name, { password, 'copy.password.as': 'copied' });
  await untilState(worker, name, 'RUNNING');
}

async function failingTask(worker: Worker, name: string, password: string): Promise<void> {
  await submit(worker, name, { password, 'fail.in': 'task' });
  await untilState(worker, name, 'RUNNING', 'FAILED');
}
