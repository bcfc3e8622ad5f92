// docs/architecture.md names files by their whole path, or by a name in the folder that its section is about.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, test } from 'vitest';

const page = readFileSync('docs/architecture.md', 'utf8');
const NAME = /`([\w./-]+\.(?:ts|js))`/g;

/** The page in front of its first section has none. */
const sections = page.split(/^### /m).map((text) => {
  const folders = [...(text.split('\n')[0] ?? '').matchAll(/`([\w/]+)`/g)].map(
    ([, it]) => it ?? '',
  );
  return { folders, names: [...text.matchAll(NAME)].map(([, name = '']) => name) };
});

function isThere(name: string, folders: readonly string[]): boolean {
  if (existsSync(name)) return true;
  const isTest = name.endsWith('.test.ts');
  const own = isTest ? ['test'] : folders.length > 0 ? folders : ['src', 'bin'];
  return globSync(own.map((folder) => `${folder}/**/*.{ts,js}`)).some(
    (file) => basename(file) === name,
  );
}

test('every file that the page names is there', () => {
  const missing = sections.flatMap(({ names, folders }) =>
    names.filter((name) => !isThere(name, folders)),
  );
  expect(missing).toEqual([]);
  expect(sections.flatMap(({ names }) => names).length).toBeGreaterThan(100);
});
