// What `render` delivers is what Kafka's own providers read: their classes, in one Java process for each way.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeKafka } from '../kafka/describe-kafka.ts';
import { installKafka, LIBS } from '../kafka/install.ts';
import { NASTY, NOT_IN_ENV, Rendering } from './rendered.ts';

describeKafka("what render delivers, read by Kafka's own providers", () => {
  let rendering: Rendering;
  beforeAll(async () => {
    await installKafka();
    rendering = await Rendering.start();
    for (const name of ['orders', 'größe 🔑 = #1'])
      await rendering.put(name, { ...NASTY, ...NOT_IN_ENV });
  }, 120_000);
  afterAll(() => rendering.line.remove());

  test.each([
    ['directory', 'orders'],
    ['directory', 'größe 🔑 = #1'],
    ['file', 'orders'],
    ['file', 'größe 🔑 = #1'],
    ['env', 'orders'],
  ])('%s: every value of %s arrives as it is', async (kind, name) => {
    const values = kind === 'env' ? NASTY : { ...NASTY, ...NOT_IN_ENV };
    const { config } = await rendering.render(name, Object.keys(values), kind);
    const env = kind === 'env' ? rendering.variables() : {};
    expect(JSON.stringify(config)).not.toContain('hunter2');
    const settings = Object.values(values).map((value, at) => [`s${at}`, `<${value}>`]);
    expect(await transformed(config, env)).toEqual({
      'connector.class': 'x',
      ...Object.fromEntries(settings),
    });
  });

  test('env: of what no file of variables can hold, each one is refused', async () => {
    const keys = Object.keys(NOT_IN_ENV);
    const refused = await rendering.render('orders', keys, 'env').then(() => '', messageOf);
    const told = refused.matchAll(/value of orders:(\S+) cannot stand in an env file/g);
    expect(new Set([...told].map(([, key]) => key))).toEqual(new Set(keys));
  });

  async function transformed(
    config: Record<string, string>,
    env: Record<string, string>,
  ): Promise<unknown> {
    const program = join(import.meta.dirname, 'RenderedConfig.java');
    const flags = ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
    const child = spawn('java', [...flags, '-cp', join(LIBS, '*'), program], {
      env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8', ...env },
    });
    child.stdin.end(JSON.stringify({ properties: rendering.properties, config }));
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    if (stdout === '') throw new Error(stderr);
    return JSON.parse(stdout);
  }
});

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}
