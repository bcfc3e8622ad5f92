// From a certificate's subject to a principal, by rules as Kafka's ssl.principal.mapping.rules (KIP-371):
// `RULE:pattern/replacement/[LU]` and `DEFAULT`, separated by commas; the first that fits the whole subject counts.
// Stricter than Kafka: what it would skip or keep as text is refused at the start.
import { count } from '../../domain/count.ts';
import { matchAt } from '../../domain/matching.ts';
import { ok, type Result, refused } from '../../domain/result.ts';

/** The name for a subject; undefined where no rule fits. */
export type PrincipalRules = (subject: string) => string | undefined;

/** The problem is a clause that follows the rules' name. */
export function parsePrincipalRules(text: string): Result<PrincipalRules, string> {
  const rules: PrincipalRules[] = [];
  for (let at = 0; at < text.length; ) {
    const found = matchAt(RULE, text, at);
    if (found === undefined) {
      return refused(
        `has no RULE:pattern/replacement/, RULE:pattern/replacement/L, …/U or DEFAULT at character ${at + 1}`,
      );
    }
    const [whole, isDefault, pattern = '', replacement = '', letters = ''] = found;
    const rule =
      isDefault === undefined ? parseRule(pattern, replacement, letters) : ok(wholeSubject);
    if (!rule.ok) return rule;
    rules.push(rule.value);
    at += whole.length;
    if (at === text.length && whole.endsWith(',')) return refused('ends with a comma');
  }
  if (rules.length === 0) return refused('is empty');
  return ok((subject) => {
    for (const rule of rules) {
      const name = rule(subject);
      if (name !== undefined) return name;
    }
    return undefined;
  });
}

/** The one rule where none is given: the whole subject is the name. */
export const wholeSubject: PrincipalRules = (subject) => subject;

const RULE =
  /\s*(?:(DEFAULT)|RULE:((?:\\.|[^\\/])*)\/((?:\\.|[^\\/])*)\/([LU]?))\s*(?:,\s*(?=\S|$)|$)/y;

function parseRule(
  pattern: string,
  replacement: string,
  letters: string,
): Result<PrincipalRules, string> {
  const expression = compiled(pattern);
  if (expression === undefined)
    return refused(`has a pattern that is no regular expression: '${pattern}'`);
  const groups = (new RegExp(`${expression.source}|`, 'u').exec('')?.length ?? 1) - 1;
  const missing = [...replacement.matchAll(REFERENCE)].find(
    ([, , group]) => group !== undefined && (group === '' || Number(group) > groups),
  );
  if (missing !== undefined) {
    return refused(
      `has a replacement with '${missing[0]}', but its pattern '${pattern}' has ${count(groups, 'group')}`,
    );
  }
  return ok((subject) => {
    const match = expression.exec(subject);
    if (match === null) return undefined;
    const name = replacement.replace(REFERENCE, (_, literal?: string, group?: string) =>
      group === undefined ? (literal ?? '') : (match[Number(group)] ?? ''),
    );
    if (letters === 'L') return name.toLowerCase();
    return letters === 'U' ? name.toUpperCase() : name;
  });
}

/** `\x` is that character, `$1` what the first group found. */
const REFERENCE = /\\(.)|\$(\d*)/gs;

function compiled(pattern: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${pattern})$`, 'su');
  } catch {
    return undefined;
  }
}
