// What a bearer token looks like: `srt_<id>_<secret>`, the id 16 hexadecimal digits, the secret 256 bits in base64url.

/** The id in what has the form of a token; undefined for everything else. */
export function tokenIdIn(text: string): string | undefined {
  return FORM.exec(text)?.[1];
}

/** The last character carries two spare bits, which are 0: of the four ways to write one secret, one counts. */
const FORM = /^srt_([0-9a-f]{16})_[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;
