// Listings of what others wrote, which may have been written before it was refused.
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { type Io, plain } from '../../src/cli/io.ts';
import { type Format, printRows } from '../../src/cli/rows.ts';

test.each<[Format, string]>([
  ['json', '[\n  {\n    "id": 7,\n    "description": "for\\u009b2J\\u202eci"\n  }\n]\n'],
  ['jsonl', '{"id":7,"description":"for\\u009b2J\\u202eci"}\n'],
  ['table', 'ID  DESCRIPTION\n7   for\\u{9b}2J\\u{202e}ci\n'],
  ['auto', '7\tfor\\u{9b}2J\\u{202e}ci\n'],
])('%s shows what steers a terminal as escapes', async (format, shown) => {
  const stdout = new PassThrough();
  const columns = [
    { name: 'id', value: () => 7 },
    { name: 'description', value: (row: string) => row },
  ];
  const io: Io = {
    env: {},
    cwd: '/',
    stdin: process.stdin,
    stdout: stdout as unknown as Io['stdout'],
    stderr: process.stderr,
    style: plain,
    errorStyle: plain,
    clock: () => new Date(0),
  };
  await printRows(io, format, columns, ['for\u009b2J\u202eci']);
  stdout.end();
  expect(await text(stdout)).toBe(shown);
});
