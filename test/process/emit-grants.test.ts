// The grants that `where-used --emit-grants` prints are pasted into a shell: no file may be written so that there are more.
import { expect, onTestFinished, test } from 'vitest';
import { CommandLine } from './command-line.ts';

const own = '{"name": "eve", "config": {"connector.class": "x.Y", "a": "${secret:eve:password}"}}';

test.each([
  ['the path of another connector', own.replace('secret:eve', 'secret:payroll')],
  ['a fault behind it', own.replaceAll('secret:eve', 'secret:payroll').slice(0, -1)],
  ['a text in front of it', `{{ x }} ${own.replace('secret:eve', 'secret:payroll')}`],
  ['a name left out', '{"connector.class": "x.Y", "a": "${secret:payroll:password}"}'],
  [
    'a name that only Terraform knows',
    '{"resource": {"kafka-connect_connector": {"x": {"name": "${var.x}", "config": {"a": "$${secret:payroll:p}"}}}}}',
  ],
  ['no connector', 'see ${secret:payroll:password}'],
])('%s gives none', async (_, text) => {
  const line = new CommandLine();
  onTestFinished(() => line.remove());
  line.file('own.json', own);
  line.file('eve.json', text);
  const args = ['where-used', 'own.json', 'eve.json', '--emit-grants', 'User:connect'];
  const { end, stdout, stderr } = await line.run(args);
  expect(stdout).toBe('secretreg access grant User:connect DeveloperRead eve\n');
  expect(stderr).toMatch(
    /^secretreg: eve\.json:1:\d+: .*'payroll'.*: no grant for it\n(?:hint: .+\n)?$/,
  );
  expect(end).toBe(1);
});
