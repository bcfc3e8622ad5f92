// What the files of a run say together. They are read one at a time and none is kept: only names stay and, for each connector,
// the first place where it refers to a path.
import type { Diagnostic, FileReport, Region, RuleId, Severity } from './diagnostic.ts';
import type { Existence } from './existence.ts';
import type { ProjectContext, ProjectFinding } from './rule.ts';
import { rules } from './rules/index.ts';
import type { Use } from './uses.ts';

interface ProjectOptions {
  existence?: Existence;
  severities?: Partial<Record<RuleId, Severity | 'off'>>;
}

const projectRules = rules.filter((rule) => rule.each === 'project');

/** Undefined where no rule on the whole project is on. */
export function projectFor(options: ProjectOptions): Project | undefined {
  return projectRules.some(({ id }) => severityOf(id, options) !== 'off')
    ? new Project(options)
    : undefined;
}

export class Project implements ProjectContext {
  readonly #options: ProjectOptions;
  readonly #keys = new Map<string, Set<string>>();
  /** The first use of each path by each connector: by path, then by what tells connectors apart. */
  readonly #users = new Map<string, Map<string, Use>>();

  constructor(options: ProjectOptions) {
    this.#options = options;
  }

  get existence(): Existence | undefined {
    return this.#options.existence;
  }

  /**
   * Takes the uses of one file. They may come twice, since a file is checked again with what its worker says. A use for which
   * `isMeant` is true shares no path.
   */
  take(uses: readonly Use[], isMeant: (use: Use) => boolean): void {
    for (const use of uses) {
      const { path, key, setting, connector, file } = use;
      const keys = this.#keys.get(path) ?? new Set<string>();
      this.#keys.set(path, keys.add(key));
      if (setting === undefined || isMeant(use)) continue;
      const users = this.#users.get(path) ?? new Map<string, Use>();
      const user = connector === undefined ? `in ${file}` : `called ${connector}`;
      if (!users.has(user)) users.set(user, use);
      this.#users.set(path, users);
    }
  }

  isUsed(path: string, key: string): boolean {
    return this.#keys.get(path)?.has(key) ?? false;
  }

  *firstUses(): Iterable<Use[]> {
    for (const users of this.#users.values()) yield [...users.values()];
  }

  /** The reports of all files with what is wrong between them. Findings about the registry have a report of their own. */
  judge(reports: readonly FileReport[]): FileReport[] {
    const all = new Map(reports.map((report) => [report.file, report]));
    for (const rule of projectRules) {
      const severity = severityOf(rule.id, this.#options);
      if (severity === 'off') continue;
      for (const finding of rule.check(this)) {
        const { file } = finding;
        const report = all.get(file) ?? empty(file);
        all.set(file, report);
        report.diagnostics.push(diagnostic(finding, rule.id, severity));
        report.diagnostics.sort((a, b) => a.start - b.start || a.end - b.end);
      }
    }
    return [...all.values()];
  }
}

function empty(file: string): FileReport {
  return { file, connectors: 0, names: [], references: 0, diagnostics: [] };
}

/** A rule on the whole project needs all of its files, so it is on only where somebody says so. */
function severityOf(id: RuleId, { severities }: ProjectOptions): Severity | 'off' {
  return severities?.[id] ?? 'off';
}

const NOWHERE: Region = { line: 1, column: 1, endLine: 1, endColumn: 1 };

function diagnostic(
  { place, ...finding }: ProjectFinding,
  rule: RuleId,
  severity: Severity,
): Diagnostic {
  const { start, end, line, column, endLine, endColumn } = place ?? {
    start: 0,
    end: 0,
    ...NOWHERE,
  };
  return { ...finding, rule, severity, start, end, line, column, endLine, endColumn };
}
