// JUnit XML, which Jenkins, GitLab and Azure read: a suite for each file, in it a test for the file itself and one for each
// connector, so that a test keeps its name when it breaks and when it is mended. What does not fail the run is output of a test
// that passes. A test has one failure, for not every reader takes more. Valid against Jenkins's junit-10.xsd.
import type { Diagnostic, FileReport } from '../diagnostic.ts';
import { locationOf } from './location.ts';
import { breaks, type Fault, plainStyle, type Report, type Reporter } from './report.ts';
import { findingText } from './text.ts';
import { xmlAttribute, xmlText } from './xml.ts';

export const junitReport: Reporter = (report) => {
  const { files, faults = [] } = report;
  // Of the files of a folder most are no connector's.
  const suites = files
    .filter(({ connectors, diagnostics }) => connectors > 0 || diagnostics.length > 0)
    .map((file) => suiteOf(file, report));
  if (faults.length > 0) suites.push(suiteOfFaults(faults));
  const body = suites.map(({ text }) => text).join('');
  const totals = attributes({ name: 'secretreg validate', ...sumOf(suites) });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${totals}>\n${body}</testsuites>\n`;
};

interface Suite {
  text: string;
  tests: number;
  failures: number;
  errors: number;
}

function sumOf(suites: readonly Suite[]): Record<string, string> {
  const sum = (key: 'tests' | 'failures' | 'errors') =>
    String(suites.reduce((total, suite) => total + suite[key], 0));
  return { tests: sum('tests'), failures: sum('failures'), errors: sum('errors') };
}

/** Findings without a connector, and of connectors without a name, are the file's. */
function suiteOf(file: FileReport, report: Report): Suite {
  const name = locationOf(file.file, report.base).path;
  const tests = new Map<string | undefined, Diagnostic[]>([[undefined, []]]);
  for (const connector of file.names) tests.set(connector, []);
  for (const one of file.diagnostics) (tests.get(one.connector) ?? tests.get(undefined))?.push(one);
  const broken = [...tests.values()].filter((some) =>
    some.some(({ severity }) => breaks(severity, report)),
  );
  const cases = [...tests].map(([connector, findings]) =>
    testCase({ name: connector ?? 'file', classname: name }, resultOf(findings, report)),
  );
  return suite(name, cases, { failures: broken.length, errors: 0 });
}

function resultOf(findings: readonly Diagnostic[], report: Report): string {
  const failing = findings.filter(({ severity }) => breaks(severity, report));
  const others = findings.filter(({ severity }) => !breaks(severity, report));
  const [first] = failing;
  const text = (some: readonly Diagnostic[]) =>
    xmlText(some.map((one) => `\n${findingText(one, plainStyle)}\n`).join(''));
  const failure =
    first === undefined
      ? ''
      : `      <failure${attributes({ type: first.rule, message: headline(first, failing.length - 1) })}>${text(failing)}</failure>\n`;
  const output = others.length === 0 ? '' : `      <system-out>${text(others)}</system-out>\n`;
  return failure + output;
}

function headline({ message }: Diagnostic, more: number): string {
  return more === 0 ? message : `${message} (and ${more} more)`;
}

function suiteOfFaults(faults: readonly Fault[]): Suite {
  const cases = faults.map(({ file, message }, at) =>
    testCase(
      { name: file ?? `fault ${at + 1}`, classname: 'could not run' },
      `      <error${attributes({ type: 'could not run', message })}></error>\n`,
    ),
  );
  return suite('could not run', cases, { failures: 0, errors: cases.length });
}

function suite(
  name: string,
  cases: readonly string[],
  { failures, errors }: { failures: number; errors: number },
): Suite {
  const tests = cases.length;
  const head = attributes({
    name,
    tests: String(tests),
    failures: String(failures),
    errors: String(errors),
  });
  const text = `  <testsuite${head}>\n${cases.join('')}  </testsuite>\n`;
  return { text, tests, failures, errors };
}

function testCase(names: { name: string; classname: string }, result: string): string {
  const head = `    <testcase${attributes(names)}`;
  return result === '' ? `${head}/>\n` : `${head}>\n${result}    </testcase>\n`;
}

function attributes(values: Record<string, string>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${xmlAttribute(value)}"`)
    .join('');
}
