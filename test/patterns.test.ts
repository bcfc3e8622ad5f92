// How long a regular expression takes on the worst text: configuration files, names and requests come from anybody, and one
// pattern that looks from each place to the end of a text holds a server for as long as the text is long.
import { globSync, readFileSync } from 'node:fs';
import { parseSync } from 'oxc-parser';
import { check } from 'recheck';
import { expect, test } from 'vitest';

/** Patterns that take more than a linear time on a text that they are never given. */
const NEVER_GIVEN: Readonly<Record<string, string>> = {
  'src/cli/explain.ts': 'the pages of this package',
  'src/cli/main.ts': 'an argument of the command line, of whoever waits for the answer',
  'src/documents/json.ts':
    'looks no further than the brackets that are too many, which stand in no string',
  'src/documents/yaml/write.ts': 'a thousand characters',
  'src/http/login/subject.ts':
    'the subject of a certificate that the authority of this server has signed',
  'src/store/kafka/jaas.ts': 'matches wherever it begins, so that nothing is tried again',
  'src/store/kafka/sentences.ts': 'the code of an error of OpenSSL',
  'src/validator/reports/markdown-text.ts':
    'a word of a message, of which no more is shown than a line',
  'src/validator/worker/shown-text.ts': 'the beginning of what a worker says',
};

/** A check may be given up on a machine that is busy: then nothing is known. */
const LONGEST_CHECK_MS = 20_000;

interface Pattern {
  file: string;
  source: string;
  flags: string;
}

function patternsIn(file: string): Pattern[] {
  const found: Pattern[] = [];
  const look = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const { regex } = node as { regex?: { pattern: string; flags: string } };
    if (regex !== undefined) found.push({ file, source: regex.pattern, flags: regex.flags });
    else for (const part of Object.values(node)) look(part);
  };
  look(parseSync(file, readFileSync(file, 'utf8')).program);
  return found;
}

test('no pattern takes more than a linear time on a text that it can be given', async () => {
  const patterns = globSync('src/**/*.ts').flatMap((file) => patternsIn(file));
  expect(patterns.length).toBeGreaterThan(400);
  let known = 0;
  const slow: (Pattern & { attack: string })[] = [];
  for (const pattern of patterns) {
    const found = await check(pattern.source, pattern.flags, { timeout: LONGEST_CHECK_MS });
    if (found.checker !== 'automaton' || found.status === 'unknown') continue;
    known += 1;
    if (found.status === 'vulnerable') slow.push({ ...pattern, attack: found.attack.pattern });
  }
  // The others look ahead or back, or repeat so often that they are only tried with random texts, which proves nothing.
  console.log(`${known} of ${patterns.length} patterns are proven`);
  expect(known).toBeGreaterThan(patterns.length * 0.8);
  expect(slow.filter(({ file }) => NEVER_GIVEN[file] === undefined)).toEqual([]);
  expect(Object.keys(NEVER_GIVEN)).toEqual([...new Set(slow.map(({ file }) => file))].sort());
}, 600_000);
