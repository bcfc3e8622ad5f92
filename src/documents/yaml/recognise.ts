// Whether a text is YAML, and not JSON: braces and brackets at its very beginning are taken for JSON's.

/**
 * By its first line that is neither empty nor a comment: `---`, a directive, `name: …`, `- …` or `? …`; or, behind a comment,
 * which JSON has not, by the braces of a map.
 */
export function looksLikeYaml(text: string): boolean {
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  for (NOTHING.lastIndex = at; NOTHING.test(text); ) at = NOTHING.lastIndex;
  BEGINNING.lastIndex = at;
  return BEGINNING.test(text);
}

const NOTHING = /[ \t]*(?:#[^\r\n]*)?[\r\n]/y;
const END = String.raw`(?=[ \t\r\n]|$)`;
const NAME = String.raw`(?:"(?:[^"\\\r\n]|\\.){0,1024}"|'[^'\r\n]{0,1024}'|[\w.$/*&<-][^\r\n=:#"']{0,1024})`;
/** Not the braces of a shell, with which a script may begin behind a comment. */
const FLOW = String.raw`\[?\s*\{(?:\s|#[^\r\n]*[\r\n]){0,1024}(?:\}|${NAME}[ \t]{0,64}:)`;
const BEGINNING = new RegExp(
  String.raw`[ \t]*(?:---${END}|%(?:YAML|TAG)[ \t]|[-?]${END}|[!&][^\s]+${END}|${NAME}[ \t]{0,64}:${END}|${FLOW})`,
  'y',
);
