// Text of one line that people read: names, and what is known of a key.

/** Why a character has no place in such a text: a clause, such as `holds a control character (U+001B)`. */
export function characterProblem(character: string): string | undefined {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20 || (code >= 0x7f && code <= 0x9f))
    return `holds a control character (${u(code)})`;
  if (code === 0x2028 || code === 0x2029) return `holds a line separator (${u(code)})`;
  if (isBidiControl(code)) return `holds a text-direction control (${u(code)})`;
  return undefined;
}

/** How long a text is for a person, in Unicode code points. */
export function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** Unicode's Bidi_Control property: characters that make a name read as another one (CVE-2021-42574). */
function isBidiControl(code: number): boolean {
  return (
    code === 0x061c ||
    code === 0x200e ||
    code === 0x200f ||
    (code >= 0x202a && code <= 0x202e) ||
    (code >= 0x2066 && code <= 0x2069)
  );
}

function u(code: number): string {
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
