// Whether a text is a script of a shell: by its first line, its first statement, or a line with `curl`.

export function looksLikeShell(text: string): boolean {
  const start = text.startsWith('\uFEFF') ? 1 : 0;
  SHEBANG.lastIndex = start;
  if (SHEBANG.test(text)) return true;
  let at = start;
  for (NOTHING.lastIndex = at; NOTHING.test(text); NOTHING.lastIndex = at) at = NOTHING.lastIndex;
  STATEMENT.lastIndex = at;
  return STATEMENT.test(text);
}

/** For a text that begins as no other format does: scripts may begin with anything. */
export function sendsByCurl(text: string): boolean {
  return CURL.test(text);
}

const CURL = /^[ \t]*curl[ \t]/m;

const SHEBANG = /#![^\n]{0,200}\b(?:ba|da|k|z|a)?sh\b/y;

const NOTHING = /[ \t]+|\r?\n|#[^\n]*/y;

/** Nothing that could also begin a file of settings, such as `name=value`. */
const STATEMENT =
  /(?:(?:curl|wget|bash|sh|ssh|cd|exec|trap|mkdir|echo|printf|docker|docker-compose|kubectl|oc|confluent|source|sleep|sudo)[ \t]+[^\s=:]|cat[ \t]*(?:>[^\n]{1,200})?<<|set[ \t]+[-+][a-z]|export[ \t]+[A-Za-z_]\w*=|[A-Za-z_]\w*="?\$\([a-z]+[ \t]|(?:(?:if|while|until)[ \t]+(?:![ \t]*)?)?\[\[?[ \t]+(?:!|-[a-z][ \t]|"?\$)|(?:if|while|until)[ \t]+(?:![ \t]*)?(?:\[|curl\b)|for[ \t]+\w+[ \t]+in\b|function[ \t]+\w+|\w+[ \t]*\(\)[ \t]*\{)/y;
