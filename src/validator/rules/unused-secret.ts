import { secretCommand } from '../../domain/shell-word.ts';
import { visible } from '../../domain/visible.ts';
import type { ProjectFinding, Rule } from '../rule.ts';

export const unusedSecret: Rule = {
  id: 'unused-secret',
  severity: 'off',
  sentence:
    'No file that was checked refers to the secret. It has to be switched on, for a run over all files of the project: with `--changed-since` or `--skip-others` it does not look.',
  needs: 'existence',
  each: 'project',
  check(project) {
    const { existence } = project;
    const findings: ProjectFinding[] = [];
    if (existence === undefined) return findings;
    const file = existence.origin?.name ?? 'registry';
    for (const path of existence.paths())
      for (const [key, { state }] of existence.keys(path) ?? []) {
        if (state !== 'enabled' || project.isUsed(path, key)) continue;
        findings.push({
          file,
          subject: `${path}:${key}`,
          message: `no file that was checked refers to secret ${visible(path)}:${visible(key)}`,
          hint: `${secretCommand('history', [path, key], ['--reads'])}    (who has read it; secretreg delete takes it away)`,
        });
      }
    return findings;
  },
};
