import { type ErrorCode, errors } from '../src/errors.ts';

/** What each exit code means. */
export const EXIT_CODES: readonly (readonly [number, string])[] = [
  [0, 'done'],
  [1, 'findings, not found, refused by a rule'],
  [2, 'wrong use'],
  [3, 'could not run'],
  [4, 'not allowed'],
  [78, 'wrong key or settings, no registry, Node too old'],
  [130, 'interrupted'],
  [141, 'whoever reads its output has gone'],
];

/** docs/errors.md, from the table. */
export function errorsPage(): string {
  const rows = Object.keys(errors).map((code) => {
    const { exit, text, hint } = filled(code as ErrorCode, (name) => `<${name}>`);
    return `### ${code}\n\nExit ${exit}.\n\n\`\`\`\nsecretreg: ${text}\n${hint === undefined ? '' : `hint: ${hint}\n`}\`\`\`\n`;
  });
  return `# Errors

Made from \`src/errors.ts\` by \`npm run docs\`. Each row is shown by a session page in \`test/scripts/\` or
\`test/http/pages/\`, or by a test that \`test/docs/errors.test.ts\` names.

Exit codes: ${EXIT_CODES.map(([code, meaning]) => `${code} ${meaning}`)
    .join(' · ')
    .replace('4 not allowed · ', '4 not allowed ·\n')}.

${rows.join('\n')}`;
}

/** A row with each parameter filled in by its name. */
export function filled(
  code: ErrorCode,
  fill: (name: string) => string,
): { exit: number; text: string; hint: string | undefined } {
  const row = errors[code] as {
    exit: number;
    text: (params: unknown) => string;
    hint?: (params: unknown) => string;
  };
  const params = new Proxy({}, { get: (_, name) => fill(String(name)) });
  return { exit: row.exit, text: row.text(params), hint: unquoted(row.hint?.(params)) };
}

/** The brackets of `<path>` would need quotes in a shell. */
function unquoted(hint: string | undefined): string | undefined {
  return hint?.replace(/'(<\w+>)'/g, '$1');
}
