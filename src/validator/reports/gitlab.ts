// GitLab's Code Quality: a JSON array, a subset of Code Climate's format (docs.gitlab.com/ci/testing/code_quality, "Code
// Quality report format"). GitLab compares it with that of the target branch by the fingerprints, of which each counts once.
import { fingerprints } from '../fingerprint.ts';
import { escapedJson } from '../../domain/escaped-json.ts';
import { locationOf } from './location.ts';
import type { Reporter } from './report.ts';

export const gitlabReport: Reporter = ({ files, base }) => {
  const issues = files.flatMap((file) => {
    const marks = fingerprints(file);
    const { path } = locationOf(file.file, base);
    return file.diagnostics.map(({ rule, severity, message, hint, line, endLine }, at) => ({
      description: hint === undefined ? message : `${message}; hint: ${hint}`,
      check_name: rule,
      fingerprint: marks[at] ?? '',
      severity: SEVERITIES[severity],
      location: { path, lines: { begin: line, end: endLine } },
    }));
  });
  // A file that was named twice is one file.
  const once = new Map(issues.map((issue) => [issue.fingerprint, issue]));
  return `${escapedJson([...once.values()], 2)}\n`;
};

/** Of info, minor, major, critical and blocker. */
const SEVERITIES = { error: 'major', warning: 'minor', note: 'info' } as const;
