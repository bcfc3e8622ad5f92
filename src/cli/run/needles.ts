// What a secret looks like in the output of a program: as it is, and as programs write texts into other formats. Not every
// form that there is, but those that are met with: in a header of HTTP, in a URL, in JSON, in a log line by line.
import { isUtf8 } from 'node:buffer';
import type { SecretValue } from '../../domain/secret-value.ts';

/** In bytes. Shorter ones would take apart what a program says, and are guessed at once anyway. */
export const SHORTEST_MASKED = 4;

/** A part of a value, or of its base64, that has fewer bytes may stand anywhere by chance. */
const SHORTEST_PART = 6;
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

/** Also without white space around it: most files end with a line end, which readers do not take for a part of the value. */
function needlesOfText(whole: string): Buffer[] {
  const texts = [...new Set([whole, whole.trim()])].filter(
    (text) => Buffer.byteLength(text) >= SHORTEST_MASKED,
  );
  return texts.flatMap(formsOf).map((form) => Buffer.from(form));
}

function formsOf(text: string): string[] {
  const asItIs = [text, ...linesOf(text)];
  if (text.length > LARGEST_WITH_FORMS) return asItIs;
  return [...asItIs, ...jsonForms(text), ...urlForms(text), ...base64Forms(Buffer.from(text))];
}

/** The lines of a value such as a private key, for a log may put a time before each; not the lines that say that it is one. */
function linesOf(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line.length >= SHORTEST_LINE && !/^-----.*-----$/.test(line));
}

/**
 * What writers of JSON escape though they need not: nothing; a slash (PHP); what could be HTML (Go and Rails by default, then
 * Gson); and what .NET escapes.
 */
const ESCAPED_IN_JSON = [/(?!)/g, /\//g, /[<>&]/g, /[<>&=']/g, /[<>&'+`]|\\"/g];

/** As JSON.stringify escapes it, and as those do that keep to ASCII, with digits of either case. */
function jsonForms(text: string): string[] {
  const escaped = JSON.stringify(text).slice(1, -1);
  return ESCAPED_IN_JSON.flatMap((also) =>
    [/(?!)/g, /[\u007f-\uffff]/g].flatMap((beyond) =>
      [false, true].map((upper) =>
        escaped
          .replace(also, (sign) => (sign === '/' ? '\\/' : unicodeEscape(sign.slice(-1), upper)))
          .replace(beyond, (sign) => unicodeEscape(sign, upper)),
      ),
    ),
  );
}

function unicodeEscape(sign: string, upper: boolean): string {
  const digits = sign.charCodeAt(0).toString(16).padStart(4, '0');
  return `\\u${upper ? digits.toUpperCase() : digits}`;
}

/** What is left as it is in a URL beside letters, digits, `-`, `.` and `_`. */
const KEPT_IN_URLS = [
  '~', // RFC 3986: quote of Python without a safe sign, rawurlencode of PHP, curl
  '~/', // quote of Python
  "~!*'()", // encodeURIComponent
  "~!*'();/?:@&=+$,#", // encodeURI
  "~!$%&'()*+,", // a password in the URL of browsers and Node.js
  '~$&+,;=', // a password in the URL of Go
  "~!*'();:&=+$,", // a password in the URI of Java
];

/** The same in the body of a form, where a blank is `+`. */
const KEPT_IN_FORMS = [
  '~', // quote_plus of Python, QueryEscape of Go
  '*', // browsers, URLEncoder of Java
  '', // urlencode of PHP
];

/** With digits of either case. */
function urlForms(text: string): string[] {
  const escaped = encodeURIComponent(text).replace(/[!'()*~]/g, escapeByte);
  const keeping = (signs: string) =>
    escaped.replace(/%[0-9A-F]{2}/g, (it) => {
      const sign = String.fromCharCode(Number.parseInt(it.slice(1), 16));
      return signs.includes(sign) ? sign : it;
    });
  const forms = [
    ...KEPT_IN_URLS.map(keeping),
    ...KEPT_IN_FORMS.map((signs) => keeping(signs).replaceAll('%20', '+')),
  ];
  return [...forms, ...forms.map((one) => one.replace(/%[0-9A-F]{2}/g, (it) => it.toLowerCase()))];
}

function escapeByte(sign: string): string {
  return `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;
}

/**
 * The base64 of the value alone: with its padding, without it, and cut into lines as openssl and PEM, `base64` and MIME do it.
 * And as it stands in the base64 of a longer text, such as `user:password` in a header: behind none, one or two bytes of a group
 * of three, without the signs that depend on the neighbours too.
 */
function base64Forms(bytes: Buffer): string[] {
  const inside = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const from = Math.ceil((before * 8) / 6);
    const until = Math.floor(((before + bytes.length) * 8) / 6);
    return text.slice(from, until);
  });
  const parts = inside.filter(({ length }) => length >= SHORTEST_PART);
  const whole = bytes.toString('base64');
  const wrapped = LINE_LENGTHS.flatMap((length) => linesBy(whole, length));
  const forms = [whole, whole.replaceAll('=', ''), ...parts, ...wrapped];
  return [...forms, ...forms.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))];
}

const LINE_LENGTHS = [64, 76];

/** All lines together, which masks a short one at the end too, and each long one by itself. */
function linesBy(text: string, length: number): string[] {
  const lines = text.match(new RegExp(`.{1,${length}}`, 'g')) ?? [];
  const long = lines.filter((line) => line.length >= SHORTEST_LINE);
  return lines.length > 1 ? [lines.join('\n'), lines.join('\r\n'), ...long] : [];
}
