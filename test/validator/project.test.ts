import { expect, test } from 'vitest';
import type { RuleId } from '../../src/validator/diagnostic.ts';
import { existenceIn, type KeyFact } from '../../src/validator/existence.ts';
import { fingerprints } from '../../src/validator/fingerprint.ts';
import { projectFor } from '../../src/validator/project.ts';
import { validate, validator, type ValidateOptions } from '../../src/validator/validate.ts';

const enabled: KeyFact = { state: 'enabled', version: 1 };
const existenceOf = (...keys: string[]) =>
  existenceIn(new Map([['orders', new Map(keys.map((key) => [key, enabled]))]]), {
    origin: { name: 'names.json', authenticated: false },
  });

const connector = (name: string | undefined, ...references: string[]) =>
  JSON.stringify({
    ...(name !== undefined && { name }),
    'connector.class': 'x.Y',
    ...Object.fromEntries(references.map((it, at) => [`p${at}`, `\${secret:${it}}`])),
  });

/** `file rule subject`. */
async function found(
  rule: RuleId,
  texts: Record<string, string>,
  { connectorName, ...more }: ValidateOptions & { connectorName?: string } = {},
) {
  const files = Object.entries(texts).map(([file, text]) => ({
    file,
    text,
    connectorName,
    found: true,
  }));
  const options: ValidateOptions = {
    severities: { [rule]: 'warning', 'path-is-not-connector': 'off' },
    ...more,
  };
  const reports = await validate(files, options);
  return reports.flatMap(({ diagnostics }) =>
    diagnostics
      .filter((it) => it.rule === rule)
      .map((it) => `${it.file}:${it.line} ${it.rule} ${it.subject}`),
  );
}

test('what any file refers to is used, and what is no connector counts too', async () => {
  const existence = existenceOf('a', 'b', 'c', 'd');
  const texts = {
    'a.json': connector('orders', 'orders:a'),
    'b.json': connector('orders', 'orders:b', 'other:c'),
    'template.json': '{"x": "{{ y }}", "z": "${secret:orders:d}"',
  };
  expect(await found('unused-secret', texts, { existence })).toEqual([
    'names.json:1 unused-secret orders:c',
  ]);
});

test('connectors are told apart by their names, and without one by their files', async () => {
  const texts = {
    'a.json': connector('orders', 'shop:a', 'shop:b'),
    'copy.json': connector('orders', 'shop:a'),
    'b.json': connector(undefined, 'shop:a'),
    'c.json': connector(undefined, 'lone:a', 'lone:b'),
    'other.json': '{"x": {"y": "${secret:lone:a}"}}',
  };
  expect(await found('shared-path', texts)).toEqual(['b.json:1 shared-path shop']);
  const named = { connectorName: 'orders' };
  expect(await found('shared-path', texts, named)).toEqual([]);
});

test('rules on the whole project are off until somebody says otherwise', async () => {
  const options = { existence: existenceOf('a') };
  expect(projectFor(options)).toBe(undefined);
  expect(projectFor({ ...options, severities: { 'unused-secret': 'off' } })).toBe(undefined);
  expect(await validate([{ file: 'a.json', text: connector('x') }], options)).toMatchObject([
    { diagnostics: [] },
  ]);
});

test('a file that is checked twice says nothing more', async () => {
  const options: ValidateOptions = { severities: { 'shared-path': 'error' } };
  const project = projectFor(options);
  if (project === undefined) throw new Error('the rule is off');
  const check = validator({ ...options, project });
  const input = { file: 'a.json', text: connector('orders', 'orders:a') };
  const reports = [await check(input), await check(input)].slice(1);
  expect(project.judge(reports)).toEqual([expect.objectContaining({ diagnostics: [] })]);
});

test('a finding is known again when another secret before it is used', async () => {
  const severities = { 'unused-secret': 'error' } as const;
  const marksOf = async (...keys: string[]) => {
    const reports = await validate([], { severities, existence: existenceOf(...keys) });
    return reports.flatMap((report) => fingerprints(report));
  };
  const [, second] = await marksOf('a', 'b');
  expect(await marksOf('b')).toEqual([second]);
});

test('what a forgotten } swallowed is not told', async () => {
  const swallowed = 'orders user=hunter2 x:password';
  const texts = [connector('a', swallowed), connector('b', swallowed)];
  const inputs = texts.map((text, at) => ({ file: `${at}.json`, text }));
  const reports = await validate(inputs, { severities: { 'shared-path': 'error' } });
  const messages = reports.flatMap(({ diagnostics }) => diagnostics.map(({ message }) => message));
  expect(messages.join('\n')).toContain('a path is shared');
  expect(messages.filter((it) => it.includes('is shared')).join('\n')).not.toContain('hunter2');
});

test('a comment may say that a path is shared on purpose', async () => {
  const yaml = (name: string, comment: string) =>
    `name: ${name}\nconnector.class: x.Y\np: \${secret:shop:a}${comment}\n`;
  const texts = (comment: string) => ({ 'a.yaml': yaml('a', ''), 'b.yaml': yaml('b', comment) });
  const options = { inlineIgnores: true };
  expect(await found('shared-path', texts(''), options)).toEqual(['b.yaml:3 shared-path shop']);
  const meant = texts(' # secretreg-ignore shared-path one login for both');
  expect(await found('shared-path', meant, options)).toEqual([]);
  expect(await found('unused-ignore', meant, options)).toEqual([]);
});
