import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { junitReport } from '../../../src/validator/reports/junit.ts';
import { plainStyle } from '../../../src/validator/reports/report.ts';
import { xmlAttribute, xmlText } from '../../../src/validator/reports/xml.ts';
import { goldenReport, goldensFolder } from '../golden-report.ts';
import { cases } from './cases.ts';

const schema = {
  fileName: 'junit-10.xsd',
  contents: readFileSync('fixtures/reports/schemas/junit-10.xsd', 'utf8'),
};

/** What libxml2 has against documents, by the schema of Jenkins. */
async function faultsOf(documents: Record<string, string>): Promise<string[]> {
  const { errors } = await validateXML({
    xml: Object.entries(documents).map(([fileName, contents]) => ({ fileName, contents })),
    schema,
  });
  return errors.map(({ rawMessage }) => rawMessage);
}

test('the schema refuses what is no report', async () => {
  expect(await faultsOf({ 'a.xml': '<testsuites><testcase/></testsuites>' })).not.toEqual([]);
  expect(await faultsOf({ 'a.xml': '<testsuites name="\u0001"/>' })).not.toEqual([]);
});

test('every case, and what is said about each file of fixtures/validate/, is valid', async () => {
  const documents: Record<string, string> = {};
  for (const [name, make] of Object.entries(cases))
    documents[`${name}.xml`] = junitReport(await make(), plainStyle);
  for (const name of readdirSync(goldensFolder))
    documents[`validate-${name}.xml`] = await goldenReport(name, 'junit');
  expect(await faultsOf(documents)).toEqual([]);
});

test('any text makes a document that can be read', async () => {
  const text = fc.string({ unit: 'binary' });
  const documents = fc
    .sample(fc.tuple(text, text), 300)
    .map(([name, content], at) => [
      `${at}.xml`,
      `<testsuites name="${xmlAttribute(name)}"><testsuite name="" tests="" failures="" errors=""><system-out>${xmlText(content)}</system-out></testsuite></testsuites>`,
    ]);
  documents.push(
    ...[0, 1, 8, 9, 10, 13, 0x7f, 0x85, 0xd800, 0xfffe, 0xffff].map((code) => [
      `code-${code}.xml`,
      `<testsuites name="${xmlAttribute(String.fromCharCode(code))}"/>`,
    ]),
  );
  expect(await faultsOf(Object.fromEntries(documents) as Record<string, string>)).toEqual([]);
});

test('a test keeps its name when it breaks', async () => {
  const names = (report: string) =>
    [...report.matchAll(/<testcase name="([^"]*)" classname="([^"]*)"/g)].map(
      ([, name, of]) => `${of}: ${name}`,
    );
  const clean = junitReport(await cases.clean(), plainStyle);
  const broken = junitReport(await cases.severities(), plainStyle);
  expect(names(clean)).toEqual(['connectors/orders.json: file', 'connectors/orders.json: orders']);
  expect(names(broken)).toEqual([...names(clean), 'connectors/fixable.json: file']);
});

test('a warning fails a test only where it fails the run', async () => {
  const report = await cases['warnings-that-fail']();
  expect(junitReport(report, plainStyle)).toContain('<failure type="unknown-provider"');
  const gentle = junitReport({ ...report, failOn: 'error' }, plainStyle);
  expect(gentle).not.toContain('<failure');
  expect(gentle).toContain('failures="0"');
  expect(gentle).toContain('<system-out>');
});
