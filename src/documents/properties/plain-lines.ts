// Changes a text so that `dot-properties` reads it as Java reads the original. The length stays, and so do all offsets.

/**
 * Each line break becomes `\n`, and the second character of a `\r\n` a blank, which is skipped in front of the next line. A
 * byte order mark becomes a blank too.
 */
export function plainLines(text: string): string {
  let plain = text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text;
  if (plain.includes('\r')) plain = plain.replaceAll('\r\n', '\n ').replaceAll('\r', '\n');
  return BARE_CONTINUATION.test(plain) ? withoutBareContinuations(plain) : plain;
}

const BARE_CONTINUATION = /^[ \t\f]*\\\n/m;

/**
 * A setting that begins with nothing but a backslash on its line begins on the next one, where a `#` still makes a
 * comment of it (LineReader.readLine of java.util.Properties). At the end of the file such a backslash is a setting
 * without a name.
 */
function withoutBareContinuations(text: string): string {
  const lines = text.split('\n');
  const lastOne = lines.at(-1) === '' ? lines.length - 2 : lines.length - 1;
  let continues = false;
  const plain = lines.map((line, index) => {
    const content = contentOf(line);
    if (!continues && content === '\\' && index < lastOne) return line.replace('\\', ' ');
    const isComment = !continues && /^[#!]/.test(content);
    continues = !isComment && endsWithEscape(line);
    return line;
  });
  return plain.join('\n');
}

function contentOf(line: string): string {
  return line.slice(/^[ \t\f]*/.exec(line)?.[0].length);
}

/** True after an odd number of backslashes. */
function endsWithEscape(line: string): boolean {
  let first = line.length;
  while (line[first - 1] === '\\') first -= 1;
  return (line.length - first) % 2 === 1;
}
