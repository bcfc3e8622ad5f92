// What a secret may look like where it should not stand, and the search for it.

/** As it is, and as base64, hex, percent encoding and JSON write it. A base64 of a longer text that holds it begins at one of three places. */
function formsOf(secret: string | Buffer): string[] {
  const bytes = Buffer.from(secret);
  const inBase64 = [0, 1, 2].map((shift) => {
    const whole = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    // Without the characters that carry bits of what stands before and behind it.
    return whole.slice(Math.ceil((shift * 4) / 3), -4);
  });
  const urlForms = inBase64.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'));
  const hex = bytes.toString('hex');
  const forms = [bytes.toString('latin1'), ...inBase64, ...urlForms, hex, hex.toUpperCase()];
  if (typeof secret !== 'string') return [...new Set(forms)];
  const inJson = JSON.stringify(secret).slice(1, -1);
  const percent = encodeURIComponent(secret);
  const inAscii = inJson.replaceAll(
    /[^ -~]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  const texts = [inJson, inAscii, percent, percent.toLowerCase()];
  return [...new Set([...forms, ...texts.map((text) => Buffer.from(text).toString('latin1'))])];
}

export interface Found {
  /** Which secret stands where, in which form. */
  hits: string[];
  searches: number;
}

/** Secrets by their names; places by theirs: texts, or bytes as they stand there. */
export function search(
  places: ReadonlyMap<string, Buffer | string>,
  secrets: ReadonlyMap<string, string | Buffer>,
): Found {
  const forms = [...secrets].map(([name, secret]) => [name, formsOf(secret)] as const);
  const hits: string[] = [];
  let searches = 0;
  for (const [place, content] of places) {
    const text = Buffer.from(content).toString('latin1');
    for (const [name, all] of forms) {
      searches += all.length;
      const found = all.find((form) => text.includes(form));
      if (found !== undefined) hits.push(`${place} has ${name} as ${found}`);
    }
  }
  return { hits, searches };
}
