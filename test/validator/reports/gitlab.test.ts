import Ajv from 'ajv';
import { expect, test } from 'vitest';
import { gitlabReport } from '../../../src/validator/reports/gitlab.ts';
import { plainStyle, type Report } from '../../../src/validator/reports/report.ts';
import { cases, connector, ODD_NAMES } from './cases.ts';
import { validate } from '../../../src/validator/validate.ts';

/** The table "Code Quality report format" of docs.gitlab.com/ci/testing/code_quality: GitLab publishes no schema file. */
const isValid = new Ajv.default().compile({
  type: 'array',
  items: {
    type: 'object',
    required: ['description', 'check_name', 'fingerprint', 'severity', 'location'],
    properties: {
      description: { type: 'string', minLength: 1 },
      check_name: { type: 'string', minLength: 1 },
      fingerprint: { type: 'string', minLength: 1 },
      severity: { enum: ['info', 'minor', 'major', 'critical', 'blocker'] },
      location: {
        type: 'object',
        required: ['path', 'lines'],
        properties: {
          // Relative, from the root of the repository; a `./` in front breaks the link.
          path: { type: 'string', pattern: '^(?!\\./)[^]+$' },
          lines: {
            type: 'object',
            required: ['begin'],
            properties: { begin: { type: 'integer', minimum: 1 }, end: { type: 'integer' } },
          },
        },
      },
    },
  },
});

interface Issue {
  fingerprint: string;
  severity: string;
  location: { path: string };
}

function issuesOf(report: Report): Issue[] {
  const issues: unknown = JSON.parse(gitlabReport(report, plainStyle));
  isValid(issues);
  expect(isValid.errors ?? []).toEqual([]);
  return issues as Issue[];
}

test.each(Object.entries(cases))('%s has what GitLab asks for', async (_, make) => {
  issuesOf(await make());
});

test('a clean run is an empty list', async () => {
  expect(issuesOf(await cases.clean())).toEqual([]);
});

test('each severity has one of GitLab, and each name is the one of the file', async () => {
  const severities = issuesOf(await cases.severities()).map(({ severity }) => severity);
  expect(severities).toEqual(['info', 'minor', 'major', 'major', 'major']);
  const paths = issuesOf(await cases['odd-names']()).map(({ location }) => location.path);
  expect(paths).toEqual(ODD_NAMES);
});

test('fingerprints are unique, also where a file was named twice', async () => {
  const text = connector('orders', '${secret:a:k} ${secret:b:k} ${vault:a:k} ${vault:a:k}');
  const files = await validate(['a.json', 'b.json', 'a.json'].map((file) => ({ file, text })));
  const marks = issuesOf({ files, existenceChecked: true }).map(({ fingerprint }) => fingerprint);
  expect(marks).toHaveLength(8);
  expect(new Set(marks).size).toBe(8);
});
