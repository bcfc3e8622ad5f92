import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { visible } from '../../../src/domain/visible.ts';
import { githubReport } from '../../../src/validator/reports/github.ts';
import { plainStyle } from '../../../src/validator/reports/report.ts';
import { cases, connector } from './cases.ts';
import { validate } from '../../../src/validator/validate.ts';

interface Command {
  name: string;
  properties: Record<string, string>;
  message: string;
}

/** A line as the runner reads it (`TryParseV2` in ActionCommand.cs of actions/runner). */
function commandOf(line: string): Command | undefined {
  const [, head, message] = /^\s*::([^]*?)::([^]*)$/.exec(line) ?? [];
  if (head === undefined || message === undefined) return undefined;
  const space = head.indexOf(' ');
  const pairs =
    space === -1
      ? []
      : head
          .slice(space + 1)
          .trim()
          .split(',');
  return {
    name: space === -1 ? head : head.slice(0, space),
    properties: Object.fromEntries(
      pairs.map((pair) => {
        const [key = '', ...value] = pair.split('=');
        return [key, unescaped(value.join('='), ['%0D', '%0A', '%3A', '%2C', '%25'])];
      }),
    ),
    message: unescaped(message, ['%0D', '%0A', '%25']),
  };
}

/** One after the other, as the runner does it. */
function unescaped(text: string, codes: readonly string[]): string {
  return codes.reduce((it, code) => it.replaceAll(code, decodeURIComponent(code)), text);
}

const commandsOf = (report: string) =>
  report
    .split(/\r\n|\r|\n/)
    .filter((line) => line !== '')
    .map((line) => commandOf(line));

test('a clean run has no command', async () => {
  expect(githubReport(await cases.clean(), plainStyle)).toBe('');
});

test('the runner reads what was found, and what could not be read', async () => {
  const commands = commandsOf(githubReport(await cases.severities(), plainStyle));
  expect(commands.map((it) => [it?.name, it?.properties['title'], it?.properties['line']])).toEqual(
    [
      ['notice', 'missing-class', '3'],
      ['warning', 'unknown-provider', '4'],
      ['error', 'path-is-not-connector', '5'],
      ['error', 'malformed-reference', '6'],
      ['error', 'unknown-provider', '1'],
    ],
  );
  expect(commands[2]).toEqual({
    name: 'error',
    properties: {
      file: 'connectors/orders.json',
      line: '5',
      endLine: '5',
      col: '38',
      endColumn: '45',
      title: 'path-is-not-connector',
    },
    message:
      "connector 'orders' may only refer to secrets under its own name: 'connection.password' refers to path 'payments'\nhint: ${secret:orders:password}",
  });
  expect(commandsOf(githubReport(await cases.unreadable(), plainStyle)).slice(-2)).toEqual([
    {
      name: 'error',
      properties: { file: 'sub/a|b.json' },
      message: "'sub/a|b.json' cannot be read: it is not UTF-8 text",
    },
    {
      name: 'error',
      properties: {},
      message: 'http://connect:8083 cannot be reached: connection refused',
    },
  ]);
});

test('what goes over several lines has no columns, which the runner would drop', async () => {
  const files = await validate([
    { file: 'a.json', text: '{"name": "a",\n "config": {"p": 1},,\n}' },
  ]);
  for (const { diagnostics } of files) for (const one of diagnostics) one.endLine += 1;
  const [command] = commandsOf(githubReport({ files, existenceChecked: true }, plainStyle));
  expect(Object.keys(command?.properties ?? {})).toEqual(['file', 'line', 'endLine', 'title']);
});

describe('whatever a file and a connector are called', () => {
  const name = fc.string({
    unit: fc.oneof(
      fc.constantFrom(':', ',', '=', '%', '\r', '\n', ' ', '%0A', '\u001b'),
      fc.string({ unit: 'binary', maxLength: 1 }),
    ),
    minLength: 1,
    maxLength: 12,
  });

  test('the runner gets the file back, one command, and the message', async () => {
    await fc.assert(
      fc.asyncProperty(name, async (name) => {
        const file = `x/${name}.json`.replaceAll(/\/+/g, '/');
        const files = await validate([{ file, text: connector(name, '${secret:orders:k}') }]);
        fc.pre(!/\/\.{0,2}\//.test(file));
        const report = githubReport({ files, existenceChecked: true }, plainStyle);
        const commands = commandsOf(report);
        const found = files.flatMap(({ diagnostics }) => diagnostics);
        expect(commands).toHaveLength(found.length);
        for (const [at, it] of commands.entries()) {
          // Steering characters are shown, but for line breaks, which the runner undoes.
          expect(it?.properties['file']).toBe(file.replace(/[^\r\n]+/g, visible));
          expect(it?.properties['title']).toBe(found[at]?.rule);
          expect(it?.message.startsWith(found[at]?.message ?? '')).toBe(true);
        }
      }),
    );
  });
});
