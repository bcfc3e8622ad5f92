// What a secret looks like in the output of a program: as it is, and as programs write texts into other formats. Not every
// form that there is, but those that are met with: in a header of HTTP, in a URL, in JSON, in a log line by line.
import { isUtf8 } from 'node:buffer';
import type { SecretValue } from '../../domain/secret-value.ts';

/** In bytes. Shorter ones would take apart what a program says, and are guessed at once anyway. */
export const SHORTEST_MASKED = 4;

/** A part of a value, or a form of it, that has fewer bytes may stand anywhere by chance. */
const SHORTEST_FORM = 6;
const SHORTEST_LINE = 16;

/** A larger one is a file, such as a key store, which programs print as it is or not at all. */
const LARGEST_WITH_FORMS = 16 * 1024;

export function isMasked(value: SecretValue): boolean {
  return Buffer.byteLength(value.reveal()) >= SHORTEST_MASKED;
}

/** Each form once. `contents` of files are masked as they are, and as a value where they are text. */
export function needlesOf(
  values: Iterable<SecretValue>,
  contents: Iterable<Buffer> = [],
): Buffer[] {
  const needles = new Map<string, Buffer>();
  const add = (needle: Buffer) => needles.set(needle.toString('latin1'), needle);
  const texts = [...values].map((value) => value.reveal());
  for (const content of contents) {
    if (isUtf8(content)) texts.push(content.toString());
    else if (content.length >= SHORTEST_MASKED) add(content);
  }
  for (const text of texts) for (const needle of needlesOfText(text)) add(needle);
  return [...needles.values()];
}

function needlesOfText(text: string): Buffer[] {
  const bytes = Buffer.from(text);
  if (bytes.length < SHORTEST_MASKED) return [];
  const forms = [...linesOf(text), ...(text.length > LARGEST_WITH_FORMS ? [] : formsOf(text))];
  const long = forms
    .map((form) => Buffer.from(form))
    .filter(({ length }) => length >= SHORTEST_FORM);
  return [bytes, ...long];
}

function formsOf(text: string): string[] {
  const forms = [...jsonForms(text), ...percentForms(text)].filter((form) => form !== text);
  return [...forms, ...base64Forms(Buffer.from(text))];
}

/** Of a private key each line, for a log may begin each of them with a time; not the line that says that it is one. */
function linesOf(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line.length >= SHORTEST_LINE && !/^-----.*-----$/.test(line));
}

/** As JSON.stringify escapes it, and as those do that keep to ASCII, with digits of either case, or escape a slash. */
function jsonForms(text: string): string[] {
  const escaped = JSON.stringify(text).slice(1, -1);
  const inAscii = (upper: boolean) =>
    escaped.replace(/[\u0080-\uffff]/g, (sign) => {
      const digits = sign.charCodeAt(0).toString(16).padStart(4, '0');
      return `\\u${upper ? digits.toUpperCase() : digits}`;
    });
  const forms = [escaped, inAscii(false), inAscii(true)];
  return [...forms, ...forms.map((form) => form.replaceAll('/', '\\/'))];
}

/**
 * In a URL: as JavaScript escapes a part of it, as RFC 3986 has it, with a slash left as it is (Python), and with `+` for a
 * blank, as forms are sent by Python and by browsers; with digits of either case.
 */
function percentForms(text: string): string[] {
  const loose = encodeURIComponent(text);
  const strict = loose.replace(/[!'()*]/g, escapeByte);
  const plus = strict.replaceAll('%20', '+');
  const form = plus.replaceAll('%2A', '*').replaceAll('~', '%7E');
  const forms = [loose, strict, strict.replaceAll('%2F', '/'), plus, form];
  return [...forms, ...forms.map((one) => one.replace(/%[0-9A-F]{2}/g, (it) => it.toLowerCase()))];
}

function escapeByte(sign: string): string {
  return `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;
}

/**
 * Whole, with its padding and without, and as it stands in the base64 of a longer text, such as `user:password` in a header: behind
 * none, one or two bytes of the group of three; the signs that depend on its neighbours too are left out.
 */
function base64Forms(bytes: Buffer): string[] {
  const inside = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const from = Math.ceil((before * 8) / 6);
    const until = Math.floor(((before + bytes.length) * 8) / 6);
    return text.slice(from, until);
  });
  const whole = bytes.toString('base64');
  const forms = [whole, whole.replaceAll('=', ''), ...inside];
  return [...forms, ...forms.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))];
}
