/** The text that is percent-encoded in this one; undefined where it is not percent-encoded UTF-8, which others may write. */
export function percentDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
