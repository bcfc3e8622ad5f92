// Templates, which another tool renders before they are deployed: Helm and gomplate (`{{ … }}`), Jinja (`{{ … }}`, `{% … %}`).
// A sign inside a string is only a placeholder: the text round it is a document all the same.
import type { SourceDocument } from './document.ts';
import type { Place } from './position.ts';
import type { Problem } from './problem.ts';

/** The one problem of a template, in place of its faults, which may be gone once it is rendered. */
export function templateProblem(document: SourceDocument): Problem | undefined {
  const sign = isTemplate(document) ? firstSign(document.text) : undefined;
  return (
    sign && {
      ...sign,
      kind: 'template',
      text: 'this is a template: render it first, and validate what comes of it',
      hint: 'helm template . | secretreg validate -    (or what renders this one)',
    }
  );
}

/** What takes the place of what a shell will fill in, such as `$NAME`; nobody writes an empty command. */
export const FILLED_IN = '$()';

/** A variable of Concourse, `((orders-password))` or `((vault:orders.password))`: only whole, for a part may be of a password. */
export const CONCOURSE_VARIABLE = /^\(\([\w./:-]{1,255}\)\)$/;

/** True for a value that a template or a shell fills in, in part or whole. */
export function isPlaceholder(text: string): boolean {
  const open = text.indexOf('{{');
  if (open !== -1 && text.includes('}}', open)) return true;
  return text.includes(FILLED_IN) || CONCOURSE_VARIABLE.test(text);
}

/**
 * True for a name in which a variable stands, of a shell or `envsubst`, of CloudFormation, Serverless or a pipeline:
 * `${ENV}-orders`, `#{Environment}#-orders`. No path can hold a brace.
 */
export function isVariable(name: string): boolean {
  return /[$#]\{[^{}]*\}/.test(name);
}

function isTemplate({ format, problems, text }: SourceDocument): boolean {
  if (!text.includes('{{') && !text.includes('{%')) return false;
  if (problems.some(({ kind }) => kind === 'parse-error'))
    return hasSignOutside(text) || (format === 'json' && QUOTE_IN_SIGN.test(text));
  // Such files can be read as they stand: every text can be read as a .properties file. But no setting begins with a sign, and
  // no resource of Terraform has one in its name.
  if (format === 'properties') return /^[ \t]*\{[{%]/m.test(text);
  return (
    format === 'terraform' && /^resource[ \t]+"[^"\n]{0,255}"[ \t]+"[^"{\n]{0,255}\{\{/m.test(text)
  );
}

/** Strings on one line, comments, and the signs. An apostrophe inside a word opens no string. */
const PIECES = /"(?:[^"\\\n]|\\.)*"?|(?<!\w)'[^'\n]*'?|(?<!\S)#[^\n]*|\{[{%]/g;

/** `"a-{{ getenv "ENV" }}"`: the inner quotes are those of the template's language. */
const QUOTE_IN_SIGN = /\{\{[^{}"\n]*(?<!\\)"[^{}\n]*\}\}/;

function hasSignOutside(text: string): boolean {
  for (const { 0: piece, index } of text.matchAll(PIECES)) {
    if (piece === '{{' || piece === '{%') return text.includes(CLOSING[piece], index + 2);
  }
  return false;
}

const CLOSING = { '{{': '}}', '{%': '%}' } as const;

function firstSign(text: string): Place {
  const value = text.indexOf('{{');
  const start = value === -1 ? text.indexOf('{%') : value;
  return { start, end: start + 2 };
}
