// What our reader makes of the texts that hashicorp/hcl was asked about (scripts/terraform-golden.ts).
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseTerraform, type ResourceValue } from '../../../src/documents/terraform/terraform.ts';
import { expectSame } from './same.ts';

interface Told {
  text: string;
  refused?: string;
  values?: Record<string, unknown>;
}

const golden = readFileSync('fixtures/terraform/hcl.jsonl', 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Told);

const faultOf = (text: string) =>
  parseTerraform(text).problems.find(({ kind }) => kind === 'parse-error');

describe('what hashicorp/hcl takes', () => {
  const taken = golden.filter(({ refused }) => refused === undefined);

  test('is most of the table', () => {
    expect(taken.length).toBeGreaterThan(300);
  });

  test.each(taken)('$text', ({ text, values = {} }) => {
    expect(faultOf(text)).toBeUndefined();
    const [root] = parseTerraform(text).roots;
    const { body } = (root?.value ?? { body: {} }) as ResourceValue;
    expect(Object.keys(body).sort()).toEqual(Object.keys(values).sort());
    for (const [name, value] of Object.entries(values)) expectSame(body[name], value);
  });
});

describe('what hashicorp/hcl refuses', () => {
  /** What an expression is, beyond its brackets and operands, we do not look at. */
  const PASSED_OVER: ReadonlySet<string> = new Set([
    ...['Invalid expression', 'Unsupported operator', 'Missing newline after argument'],
    ...['Unexpected comma after argument', 'Missing function name', 'Missing open parenthesis'],
    ...['Invalid template directive', 'Invalid template control keyword', 'Invalid attribute name'],
    ...['Missing false expression in conditional', 'Argument or block definition required'],
  ]);
  const refused = golden.filter((it) => it.refused !== undefined);

  test('is a quarter of the table', () => {
    expect(refused.length).toBeGreaterThan(100);
    const ours = refused.filter(({ text }) => faultOf(text) !== undefined);
    expect(ours.length).toBeGreaterThan(0.8 * refused.length);
  });

  test.each(refused)('$text', ({ text, refused: why = '' }) => {
    if (PASSED_OVER.has(why) || text.includes('${secret:') || text.includes('${file:')) return;
    expect(faultOf(text)).toBeDefined();
  });
});
