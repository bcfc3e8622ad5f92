// What our reader makes of the texts in Terraform's JSON syntax that hashicorp/hcl was asked about (scripts/terraform-golden.ts).
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseJson } from '../../../src/documents/json.ts';
import { terraformOfJson } from '../../../src/documents/terraform/json.ts';
import { EXPRESSION } from '../../../src/documents/terraform/template.ts';
import type { ResourceValue } from '../../../src/documents/terraform/terraform.ts';
import { UNKNOWN } from '../../../src/documents/unknown.ts';
import { expectSame } from './same.ts';

interface Told {
  text: string;
  refused?: string;
  values?: Record<string, unknown>;
  whys?: Record<string, string>;
}

const golden = readFileSync('fixtures/terraform/hcl-json.jsonl', 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Told);

const read = (text: string) => terraformOfJson(parseJson(text));

/** The arguments of all resources, for one may be a list of several. */
function bodyOf(text: string): Record<string, unknown> {
  const bodies = read(text).roots.map(({ value }) => (value as ResourceValue).body);
  return Object.assign(Object.create(null) as Record<string, unknown>, ...bodies);
}

describe('what hashicorp/hcl takes', () => {
  const taken = golden.filter(({ refused, whys }) => refused === undefined && whys === undefined);

  test('is most of the table', () => {
    expect(taken.length).toBeGreaterThan(300);
  });

  test.each(taken)('$text', ({ text, values = {} }) => {
    expect(read(text).problems).toEqual([]);
    const body = bodyOf(text);
    expect(Object.keys(body).sort()).toEqual(Object.keys(values).sort());
    for (const [name, value] of Object.entries(values)) expectSame(body[name], value);
  });
});

describe('what hashicorp/hcl refuses, or cannot know', () => {
  const refused = golden.filter(({ whys }) => whys !== undefined);

  test('is a fifth of the table', () => {
    expect(refused.length).toBeGreaterThan(100);
    const ours = refused.filter(({ text }) => read(text).problems.length > 0);
    expect(ours.length).toBeGreaterThan(0.3 * refused.length);
  });

  test.each(refused)('$text', ({ text, whys = {} }) => {
    const document = read(text);
    if (document.problems.length > 0) return;
    const body = bodyOf(text);
    for (const name of Object.keys(whys)) expect(isOpen(body[name])).toBe(true);
  });
});

/** With something in it that only Terraform knows, or a reference of which it is told that Terraform takes it for its own. */
function isOpen(value: unknown): boolean {
  if (typeof value === 'string') return value.includes(EXPRESSION) || value.includes('${secret:');
  if (typeof value !== 'object' || value === null) return value === UNKNOWN;
  return Object.hasOwn(value, UNKNOWN) || Object.values(value).some(isOpen);
}
