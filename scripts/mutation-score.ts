// What is counted of mutants, and how the figures are shown.

export const FOLDERS: readonly string[] = ['src/domain', 'src/crypto'];
/** Of each of them, in percent (docs/testing.md). */
export const FLOOR = 85;

export interface Mutant {
  status: string;
}

export interface Score {
  /** Noticed: a test failed, or did not end. */
  killed: number;
  /** Noticed by no test, or reached by none. */
  survived: number;
}

export interface Figures {
  date: string;
  files: Record<string, Score>;
}

/** Mutants that do not even load count for nothing. */
export function scoreOf(mutants: readonly Mutant[]): Score {
  const count = (...wanted: string[]) =>
    mutants.filter(({ status }) => wanted.includes(status)).length;
  return { killed: count('Killed', 'Timeout'), survived: count('Survived', 'NoCoverage') };
}

/** Of the files whose names begin so; 100 where nothing could be mutated. */
export function totalOf({ files }: Figures, prefix: string): Score & { score: number } {
  const own = Object.entries(files).filter(([name]) => name.startsWith(prefix));
  const killed = own.reduce((sum, [, it]) => sum + it.killed, 0);
  const survived = own.reduce((sum, [, it]) => sum + it.survived, 0);
  const all = killed + survived;
  return { killed, survived, score: all === 0 ? 100 : Math.floor((1000 * killed) / all) / 10 };
}

export function tableOf(figures: Figures): string {
  const rows = [...FOLDERS, ...Object.keys(figures.files).sort()];
  const lines = rows.map((name) => {
    const { killed, survived, score } = totalOf(figures, name);
    return `| ${name} | ${killed + survived} | ${survived} | ${score.toFixed(1)} % |`;
  });
  return ['| file | mutants | not noticed | score |', '|---|---:|---:|---:|', ...lines].join('\n');
}
