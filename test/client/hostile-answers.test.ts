// Commands whose server answers what no registry would: none of it is a fault of secretreg itself.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { runCommand } from './command-run.ts';
import { type Answer, FalseServer } from './false-server.ts';
import { answering } from './hostile-server.ts';

const home = mkdtempSync(join(tmpdir(), 'secretreg-hostile-'));
afterAll(() => rmSync(home, { recursive: true }));
const running: FalseServer[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
});

async function serve(answer: Answer): Promise<FalseServer> {
  const server = await FalseServer.start([answer]);
  running.push(server);
  return server;
}

test.each([
  ['crn:///secretreg=ab/secret=a%2Fb/key=%C3%BC', 'secret=a/b/key=ü'],
  ['crn:///secretreg=ab/secret=%zz/key=k', 'secret=%zz/key=k'],
  ['crn:///secretreg=ab/secret=%ff', 'secret=%ff'],
  ['%', '%'],
  ['', ''],
])('audit shows the subject %j as %j', async (subject, shown) => {
  const { url } = await serve(answering(subject));
  const { told, error } = await runCommand(home, url, ['audit']);
  expect(error).toBeUndefined();
  expect(told.split('\t')[3]).toBe(shown);
});
