// `secretreg validate --connect` against a worker that has the plugin.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CommandLine } from '../../process/command-line.ts';
import { submit, untilState } from '../connectors.ts';
import { canary } from '../secrets.ts';
import type { ServedRegistry } from '../served.ts';
import type { Worker } from '../worker.ts';

const CLASS = 'io.secretreg.test.RecordingSourceConnector';

export function validateThroughSuite(worker: () => Worker, registry: () => ServedRegistry): void {
  describe('validate --connect', () => {
    let line: CommandLine;
    beforeAll(() => {
      line = new CommandLine();
    });
    afterAll(() => line.remove());

    const validate = (...args: string[]) =>
      line.run(['validate', '--connect', worker().url, ...args]);

    /** Of the connector `orders`, one setting a line: the first one is on line 4. */
    function file(config: Record<string, string>): string {
      const text = JSON.stringify(
        { name: 'orders', config: { 'connector.class': CLASS, ...config } },
        null,
        2,
      );
      writeFileSync(join(line.home, 'orders.json'), text);
      return 'orders.json';
    }

    /** Where and what each finding is. */
    const findings = (stdout: string) => stdout.match(/^orders\.json:.*$/gm) ?? [];

    test('finds nothing wrong in references to settings of every type, and asks no registry for them', async () => {
      const name = file({
        'tasks.max': '${secret:orders:tasks}',
        'errors.retry.timeout': '${secret:orders:timeout}',
        'errors.log.enable': '${secret:orders:log}',
        'errors.tolerance': '${secret:orders:tolerance}',
        username: '${secret:orders:username}',
        password: '${secret:orders:password}',
        url: 'jdbc:x://${secret:orders:host}:${file:/nowhere:port}/db?p=${secret:orders:password}',
        transforms: 'a',
        'transforms.a.type': 'org.apache.kafka.connect.transforms.ExtractField$Value',
        'transforms.a.field': '${secret:orders:field}',
        'transforms.a.replace.null.with.default': '${secret:orders:flag}',
      });
      expect(await validate(name, '--rule', 'exposed-reference=off')).toEqual({
        end: 0,
        stdout:
          'no problems in 1 file (1 connector, 11 references); existence not checked; 1 of 1 connector checked by the worker\n',
        stderr: '',
      });
      expect((await worker().request('GET', '/connectors/orders')).status).toBe(404);
      const events = await registry().audit('orders');
      const methods = events.map(({ data }) => data.methodName);
      expect(methods.filter((method) => method !== 'audit.Read')).toEqual([]);
    });

    test("tells each setting's error at its place, without the value", async () => {
      const name = file({
        'tasks.max': 'canary-number',
        'errors.tolerance': 'some',
        transforms: 'a',
        'transforms.a.type': 'com.example.Nothing',
      });
      const { end, stdout } = await validate(name);
      expect(end).toBe(1);
      expect(findings(stdout)).toEqual([
        "orders.json:5:18: error: the worker refuses 'tasks.max': Not a number of type INT; Value must be non-null [worker-refused]",
        expect.stringMatching(
          /^orders\.json:6:25: error: the worker refuses 'errors\.tolerance': .*none.*all.* \[worker-refused\]$/i,
        ),
        expect.stringMatching(
          /^orders\.json:8:26: error: the worker refuses 'transforms\.a\.type': /,
        ),
      ]);
      expect(stdout).not.toContain('canary');
    });

    test.each([
      ['at its setting', 'field', 'orders.json:5:17'],
      ['at the class', 'validate', 'orders.json:4:24'],
    ])('shows no password that the connector says aloud, %s', async (_where, place, at) => {
      const password = canary();
      // A password in clear breaks a rule, and the worker is not asked then.
      const { end, stdout, stderr } = await validate(
        file({ password, 'fail.in': place }),
        ...['--rule', 'literal-secret=off'],
      );
      expect(end).toBe(1);
      expect(findings(stdout)[0]).toMatch(
        new RegExp(
          `^${at}: error: the worker refuses .*: cannot log in with \\*\\*\\* \\[worker-refused\\]$`,
        ),
      );
      expect(stdout + stderr).not.toContain(password);
    });

    test('takes it for no error where the connector cannot log in with a dummy', async () => {
      const name = file({ password: '${secret:orders:password}', 'fail.in': 'field' });
      const { end, stdout } = await validate(name);
      expect(end).toBe(0);
      expect(findings(stdout)).toEqual([
        "orders.json:5:17: warning: the worker refuses 'password', which it was given with a dummy for ${secret:orders:password}: cannot log in with ${secret:orders:password} [worker-refused-dummy]",
      ]);
      expect((await validate(name, '--fail-on', 'warning')).end).toBe(1);
    });

    test('knows the classes of the worker, by their short names too', async () => {
      const wrong = await validate(
        file({ 'connector.class': 'io.secretreg.test.RecordingSinkConnector' }),
      );
      expect(wrong.end).toBe(1);
      expect(findings(wrong.stdout)).toEqual([
        `orders.json:4:24: error: the worker has no connector plugin 'io.secretreg.test.RecordingSinkConnector': did you mean '${CLASS}'? [missing-plugin]`,
      ]);
      expect((await validate(file({ 'connector.class': 'RecordingSource' }))).end).toBe(0);
    });

    test('tells what the worker refuses as a whole', async () => {
      const name = file({ 'producer.override.max.block.ms': 'canary-text' });
      const { end, stdout } = await validate(name);
      expect(end).toBe(1);
      expect(findings(stdout)).toEqual([
        "orders.json:5:39: error: the worker refuses 'producer.override.max.block.ms': Not a number of type LONG [worker-refused]",
      ]);
    });

    test('does not ask about a connector that breaks a rule', async () => {
      const { end, stdout } = await validate(
        file({ password: '${secret:other:password}', 'tasks.max': 'x' }),
      );
      expect(end).toBe(1);
      expect(findings(stdout)).toHaveLength(1);
      expect(stdout).toContain('; 0 of 1 connector checked by the worker; ');
    });

    test('reads what is deployed, at places in what the worker answers', async () => {
      await registry().set('through-right', { password: canary() });
      await submit(worker(), 'through-right', { password: '${secret:through-right:password}' });
      const plain = canary();
      await submit(worker(), 'through-wrong', {
        username: '${secrt:through-wrong:name}',
        url: plain,
      });
      // The tasks of a connector stand in that answer once it has them.
      for (const name of ['through-right', 'through-wrong'])
        await untilState(worker(), name, 'RUNNING');
      const { text } = await worker().request('GET', '/connectors?expand=info');
      const column = text.indexOf('secrt:') + 1;
      const { end, stdout } = await validate();
      expect(end).toBe(1);
      expect(stdout).toContain(
        `${worker().url}:1:${column}: error: provider 'secrt' is not known, and Kafka leaves the text as it stands: did you mean 'secret'? [unknown-provider]`,
      );
      expect(stdout.match(/ error: /g)).toHaveLength(1);
      expect(stdout).not.toContain(plain);
      await worker().request('DELETE', '/connectors/through-wrong');
      expect((await validate()).stdout).toMatch(/^no problems in 1 file/);
    });
  });
}
