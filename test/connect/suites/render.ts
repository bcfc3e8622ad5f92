// A worker without our plugin: Kafka's own providers read what `render` has delivered.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Broker } from '../../kafka/broker.ts';
import { recorded, recording, taskConfig, until, untilState } from '../connectors.ts';
import type { WorkerVersion } from '../install.ts';
import { NASTY, NOT_IN_ENV, Rendering } from '../rendered.ts';
import { Worker } from '../worker.ts';

const KINDS = ['directory', 'file', 'env'] as const;

export function renderSuite(version: WorkerVersion, broker: () => Broker): void {
  describe('without the plugin, over what render delivers', () => {
    let rendering: Rendering;
    let worker: Worker;
    beforeAll(async () => {
      rendering = await Rendering.start();
      for (const kind of KINDS) {
        await rendering.put(`by-${kind}`, { ...NASTY, ...NOT_IN_ENV });
        // Folders and variables have to be there before the worker starts.
        await rendering.render(`by-${kind}`, keysFor(kind), kind);
      }
      const { properties } = rendering;
      worker = await Worker.start({
        version,
        broker: broker(),
        properties,
        env: rendering.variables(),
      });
    }, 300_000);
    afterAll(async () => {
      await worker?.stop();
      rendering?.line.remove();
    });

    const submit = async (name: string, config: Record<string, string>) => {
      const body = { ...config, ...recording(worker, name) };
      const { status, text } = await worker.request('PUT', `/connectors/${name}/config`, body);
      expect([200, 201]).toContain(status);
      await untilState(worker, name, 'RUNNING');
      return text;
    };

    test.each(KINDS)('%s: connector and task get every value as it is', async (kind) => {
      const name = `by-${kind}`;
      const { config } = await rendering.render(name, keysFor(kind), kind);
      const answer = await submit(name, config);
      expect(answer).not.toContain('hunter2');
      expect(answer).toContain(`\${${kind}:`);
      const values = valuesFor(kind);
      const settings = Object.values(values).map((value, at) => [`s${at}`, `<${value}>`]);
      const expected = Object.fromEntries(settings) as Record<string, string>;
      expect(recorded(worker, name).map(({ at }) => at)).toEqual(['connector', 'task']);
      for (const { config: its } of recorded(worker, name)) expect(its).toMatchObject(expected);
    });

    test('a changed value is there after render once more and a restart', async () => {
      const name = 'changing';
      await rendering.put(name, { password: 'before' });
      const { config } = await rendering.render(name, ['password'], 'directory');
      await submit(name, config);
      expect(taskConfig(worker, name)?.['s0']).toBe('<before>');
      await rendering.put(name, { password: 'after' });
      expect((await rendering.render(name, ['password'], 'directory')).config).toEqual(config);
      await worker.request('POST', `/connectors/${name}/restart?includeTasks=true`);
      await until('the new value', async () => {
        return taskConfig(worker, name)?.['s0'] === '<after>' || undefined;
      });
    });

    test('of a file that is gone the worker tells, of a key that is gone it does not', async () => {
      const name = 'gone';
      await rendering.put(name, { password: 'before' });
      const inFolder = await rendering.render(name, ['password'], 'directory');
      const inFile = await rendering.render(name, ['password'], 'file');
      rmSync(join(rendering.place('directory'), name, 'password'));
      rmSync(join(rendering.place('file'), `${name}.properties`));
      const url = `/connectors/${name}/config`;
      const refused = await worker.request('PUT', url, {
        ...inFile.config,
        ...recording(worker, name),
      });
      expect(refused.text).toContain('Could not read properties from file');
      await submit(name, inFolder.config);
      expect(taskConfig(worker, name)?.['s0']).toBe(inFolder.config['s0']);
    });
  });
}

function valuesFor(kind: string): Record<string, string> {
  return kind === 'env' ? NASTY : { ...NASTY, ...NOT_IN_ENV };
}

function keysFor(kind: string): string[] {
  return Object.keys(valuesFor(kind));
}
