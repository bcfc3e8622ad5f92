// Which parts of a file a report may not show. The files hold credentials in clear, that is why people check them,
// and a report goes to build logs: every value is hidden but references, and so is all text behind a fault, where
// nobody knows any more what is a name and what a value.
import type { SourceDocument, SourceText } from '../documents/document.ts';
import type { Place } from '../documents/position.ts';
import { parseKey, parsePath } from '../domain/names.ts';
import type { ProviderNames } from '../domain/reference-fault.ts';
import { scanReferences } from '../domain/reference.ts';
import { isPlainName } from './plain-name.ts';

/** The hidden parts, in order. */
export function hiddenParts(document: SourceDocument, providers: ProviderNames): Place[] {
  return document.texts().flatMap((text) => withoutReferences(text, providers));
}

function withoutReferences({ start, end, decoded }: SourceText, providers: ProviderNames): Place[] {
  const parts: Place[] = [];
  let from = start;
  for (const part of decoded === undefined ? [] : shownParts(decoded.value, providers)) {
    const open = decoded?.offset(part.start) ?? end;
    if (open > from) parts.push({ start: from, end: open });
    from = decoded?.offset(part.end) ?? end;
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
