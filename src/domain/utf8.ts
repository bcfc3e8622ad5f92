const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** undefined for bytes that are not UTF-8. A byte order mark stays in the text. */
export function textOfUtf8(bytes: Uint8Array): string | undefined {
  try {
    return UTF8.decode(bytes);
  } catch {
    return undefined;
  }
}
