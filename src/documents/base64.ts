// Text in base64 (RFC 4648, 4), as it stands in the data of a Secret, perhaps over several lines.
import { textOfUtf8 } from '../domain/utf8.ts';

/** undefined where it is no base64, or no text. */
export function textFromBase64(encoded: string): string | undefined {
  try {
    return textOfUtf8(Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0)));
  } catch (error) {
    if (error instanceof DOMException) return undefined;
    throw error;
  }
}

export function base64FromText(text: string): string {
  let binary = '';
  for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte);
  return btoa(binary);
}
