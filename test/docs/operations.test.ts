// docs/operations.md is done as it says. The drill for a topic is run by test/kafka/trial.test.ts, on a broker.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { playPage } from '../scripts/session.ts';

const page = readFileSync('docs/operations.md', 'utf8');

test('backup, restore, lost key, leaked key and another machine come out as they stand there', () => {
  const { expected, actual } = playPage('docs/operations.md', { section: 'A registry in a file' });
  expect(actual).toBe(expected);
});

test('what doctor warns of or fails for, of a file, is there with what to do', () => {
  const session = readFileSync('test/scripts/doctor.md', 'utf8');
  const told = [...session.matchAll(/^ {2}(?:warn|fail) {2}([a-z ]+):/gm)].map(
    ([, name = '']) => name,
  );
  const [, table = ''] = /### What to watch in a file\n([^]*?)\n### /.exec(page) ?? [];
  const facts = table
    .split('\n')
    .map((line) => line.split(' | ')[0] ?? '')
    .join();
  expect(told.length).toBeGreaterThan(15);
  expect([...new Set(told)].filter((name) => !facts.includes(`\`${name}\``))).toEqual([]);
});

test('links to headings that are there', () => {
  const anchors = new Set(
    [...page.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\w\- ]/g, '')
        .replaceAll(' ', '-'),
    ),
  );
  const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, link = '']) => link);
  expect(links.length).toBeGreaterThan(3);
  expect(links.filter((link) => !anchors.has(link))).toEqual([]);
});
