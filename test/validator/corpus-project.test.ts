// What no single file shows: secrets that none refers to, and paths that several connectors share. Compared with what the
// bare texts of the corpus and its labels say.
import { beforeAll, expect, test } from 'vitest';
import type { Diagnostic } from '../../src/validator/diagnostic.ts';
import type { Existence } from '../../src/validator/existence.ts';
import { validate, type ValidateOptions } from '../../src/validator/validate.ts';
import { corpusFiles, corpusOptions, labels, textOf } from './corpus.ts';

const options: ValidateOptions = {
  ...corpusOptions(),
  severities: { 'unused-secret': 'warning', 'shared-path': 'warning' },
};
let found: Diagnostic[];

beforeAll(async () => {
  const inputs = corpusFiles.map((file) => ({ file, text: textOf(file), found: true }));
  found = (await validate(inputs, options)).flatMap(({ diagnostics }) => diagnostics);
});

test('a secret is told as unused where no text holds a reference to it', () => {
  // Kafka takes a `${` in front of a reference for the beginning of another one.
  const all = corpusFiles.map(bareText).join('\n').replaceAll('${${', '');
  const unused = enabledSecrets(options.existence).filter(
    ({ path, key }) => !all.includes(`\${secret:${path}:${key}}`),
  );
  expect(subjectsOf('unused-secret')).toEqual(
    unused.map(({ path, key }) => `${path}:${key}`).sort(),
  );
  expect(unused.length).toBeGreaterThan(50);
});

test('a path is told as shared where connectors of other names refer to it', () => {
  const users = new Map<string, Set<string>>();
  for (const label of labels) {
    if (label.rule !== 'path-is-not-connector' || label.connector === undefined) continue;
    const of = users.get(label.text) ?? new Set([...ownUsersOf(label.text)]);
    users.set(label.text, of.add(label.connector));
  }
  const shared = [...users].filter(([, of]) => of.size > 1).map(([path]) => path);
  expect(subjectsOf('shared-path')).toEqual(shared.sort());
  expect(shared.length).toBeGreaterThan(3);
});

function subjectsOf(rule: string): string[] {
  return found.flatMap((it) => (it.rule === rule ? [it.subject ?? ''] : [])).sort();
}

/** The connector itself, where it refers to its own path. */
function ownUsersOf(path: string): string[] {
  return corpusFiles.some((file) => bareText(file).includes(`\${secret:${path}:`)) &&
    enabledSecrets(options.existence).some((it) => it.path === path)
    ? [path]
    : [];
}

/** Without escapes; what a Secret holds in base64 is decoded. */
function bareText(file: string): string {
  const text = textOf(file).replaceAll('\\', '');
  const encoded = /^ {2}[\w.-]+: ([A-Za-z0-9+/]{200,}=*)$/m.exec(text)?.[1];
  return encoded === undefined ? text : Buffer.from(encoded, 'base64').toString('utf8');
}

function enabledSecrets(existence: Existence | undefined): Array<{ path: string; key: string }> {
  return [...(existence?.paths() ?? [])].flatMap((path) =>
    [...(existence?.keys(path) ?? [])].flatMap(([key, { state }]) =>
      state === 'enabled' ? [{ path, key }] : [],
    ),
  );
}
