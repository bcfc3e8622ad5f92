import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { CommandLine, registryAt } from '../process/command-line.ts';
import { runningProcesses } from '../process/running.ts';
import { ask, initServed } from '../process/served-registry.ts';
import { describePython } from '../python.ts';
import { fuzz } from './fuzzer.ts';
import { ServerProcess } from './server-process.ts';

describePython('a fuzzer that reads the OpenAPI', () => {
  const running = runningProcesses();
  const line = new CommandLine();
  const folder = mkdtempSync(join(tmpdir(), 'secretreg-fuzz-'));
  afterAll(() => {
    line.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  test('finds no failure', async () => {
    const file = join(line.home, 'registry.db');
    const token = await initServed(line, file);
    const server = await ServerProcess.start(line.home, ['--registry', registryAt(file)], running);
    const body = { secret: 'a value' };
    await ask(`${server.url}/secret/paths/orders/keys/password/versions`, token, 'POST', { body });
    const seed = process.env['SEED'] ?? String(Math.floor(Math.random() * 2 ** 31));
    const examples = process.env['EXAMPLES'] ?? '40';
    const args = ['--seed', seed, '--max-examples', examples, '--no-color'];
    // What takes its own rights away comes last: from then on all that it learns is that it may not.
    const ending = ['deleteUser', 'revokeToken', 'revoke'];
    for (const which of ['--exclude-operation-id', '--include-operation-id']) {
      const chosen = ending.flatMap((one) => [which, one]);
      const { code, output } = await fuzz({
        url: server.url,
        token,
        folder,
        args: [...args, ...chosen],
      });
      console.log(`SEED=${seed}\n${output.split('\n').slice(-12).join('\n')}`);
      expect(code, output).toBe(0);
      if (which === '--include-operation-id') continue;
      expect((await ask(`${server.url}/access/whoami`, token, 'GET')).status).toBe(200);
    }
    expect(server.log.filter(({ level }) => Number(level) >= 50)).toEqual([]);
    expect(await server.stop()).toBe(0);
  }, 600_000);
});
