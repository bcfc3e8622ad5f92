// Text of unknown origin on its way to a terminal: escape sequences could set titles, hide lines, or turn text round
// (CVE-2021-42574).

/** Text with control, line and text-direction characters written as escapes. */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u{${code.toString(16)}}`;
  });
}
