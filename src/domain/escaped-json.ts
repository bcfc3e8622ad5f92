// JSON that is safe to look at: characters that would steer a terminal or turn text round (CVE-2021-42574) stand as
// escapes, which every parser reads as the same text.

/** On one line, or with `indent` on many. */
export function escapedJson(value: unknown, indent?: number): string {
  // JSON.stringify has a line feed between lines only: one in a string is an escape already.
  return JSON.stringify(value, null, indent).replace(
    /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) =>
      Array.from({ length: character.length }, (_, at) => escapeOf(character.charCodeAt(at))).join(
        '',
      ),
  );
}

function escapeOf(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}
