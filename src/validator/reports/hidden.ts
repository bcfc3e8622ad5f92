// Which parts of a file a report may not show. The files hold credentials in clear, that is why people check them,
// and a report goes to build logs: every value is hidden but references, and so is all text behind a fault, where
// nobody knows any more what is a name and what a value.
import { visit } from 'jsonc-parser';
import { decodedOffsets } from '../../documents/json-index.ts';
import type { Place } from '../../documents/position.ts';
import { parseKey, parsePath } from '../../domain/names.ts';
import type { ProviderNames } from '../../domain/reference-fault.ts';
import { scanReferences } from '../../domain/reference.ts';
import { isPlainName } from '../plain-name.ts';

/** The hidden parts, in order. */
export function hiddenParts(document: string, providers: ProviderNames): Place[] {
  const text = document.startsWith('\uFEFF') ? ` ${document.slice(1)}` : document;
  const hidden: Place[] = [];
  // All text from here on is hidden: behind the last token that was read where the reading stops.
  let safe = 0;
  const shown = (start: number, length: number) => {
    safe = start + length;
  };
  try {
    visit(
      text,
      {
        onObjectBegin: shown,
        onObjectEnd: shown,
        onArrayBegin: shown,
        onArrayEnd: shown,
        // A name is one only with the colon behind it.
        onSeparator: (_character, start, length) => shown(start, length),
        onLiteralValue: (value: unknown, start, length) => {
          const place = { start, end: start + length };
          if (typeof value === 'string') hidden.push(...stringParts(text, place, value, providers));
          else if (typeof value === 'number') hidden.push(place);
          shown(start, length);
        },
        onError: () => {
          throw new Stop();
        },
      },
      { disallowComments: true, allowTrailingComma: false },
    );
  } catch (error) {
    // The parser is recursive: nesting that no connector has overflows the stack.
    if (!(error instanceof Stop || error instanceof RangeError)) throw error;
  }
  const rest = text.slice(safe).search(/\S/);
  if (rest !== -1) hidden.push({ start: safe + rest, end: text.length });
  return hidden;
}

class Stop extends Error {}

/** The inside of a string without its references. */
function stringParts(text: string, place: Place, value: string, providers: ProviderNames): Place[] {
  const shown = shownParts(value, providers);
  const end = place.end - 1;
  const rawOffset = shown.length === 0 ? undefined : decodedOffsets(text, place);
  const parts: Place[] = [];
  let from = place.start + 1;
  for (const part of shown) {
    if (rawOffset === undefined) break;
    if (rawOffset(part.start) > from) parts.push({ start: from, end: rawOffset(part.start) });
    from = rawOffset(part.end);
  }
  if (end > from) parts.push({ start: from, end });
  return parts;
}

/**
 * A `$` or `\` in front, then provider, path and key as far as they look like names. A default (`:-hunter2`) and
 * what a reference swallows that was not closed (`${secret:orders:user password=hunter2`) do not belong to it.
 */
const BEGINNING =
  /[$\\]{0,3}\$\{ {0,3}\{? {0,3}([\w.-]{1,255})(?: {0,3}: {0,3}(?![-=?+ ])[\w./*-]{0,255}){0,2}(?::(?:v?\d{1,3}|latest)(?=\}))?(?: {0,3}\}{1,2})?/g;

function shownParts(value: string, providers: ProviderNames): Place[] {
  if (!value.includes('${')) return [];
  const whole = new Map<number, number>();
  for (const { start, end, provider, path, hasPath, key } of scanReferences(value)) {
    const isPlain = (hasPath || path === '') && [path, key].every(isPlainName);
    if (isPlain && providers.isKnown(provider) && isReferenceOf(path, key)) whole.set(start, end);
  }
  const parts: Place[] = [];
  for (const match of value.matchAll(BEGINNING)) {
    if (match[1] === undefined || !providers.resemblesKnown(match[1])) continue;
    const open = match.index + match[0].indexOf('${');
    parts.push({ start: match.index, end: whole.get(open) ?? match.index + match[0].length });
  }
  return parts;
}

function isReferenceOf(path: string, key: string): boolean {
  return parsePath(path).ok && parseKey(key).ok;
}
