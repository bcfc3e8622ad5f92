// The library's errors told in our words. Its own messages quote the text, which may be a value.
import type { Node, YAMLError } from 'yaml';
import type { Problem } from '../problem.ts';
import { flowAround, flowPlaces } from './flow.ts';
import { quotedEndingAt } from './quotes.ts';
import { MAX_DEPTH } from './stream.ts';

interface Words {
  text: string;
  hint?: string;
}

type ErrorWords = Words | readonly (readonly [part: RegExp, words: Words])[];

const IN_QUOTES = 'put the whole value in quotes';

export function faultOf(error: YAMLError, text: string, contents: Node | null): Problem {
  const { code, message, pos } = error;
  // Placed where the string begins, not where the text ends.
  const quote = message.startsWith('Missing closing')
    ? quotedEndingAt(contents, pos[0])
    : undefined;
  if (quote !== undefined)
    return { kind: 'parse-error', start: quote, end: quote + 1, ...wordsFor(code, message) };
  const start = Math.min(pos[0], Math.max(0, text.length - 1));
  const end = Math.max(start + 1, Math.min(pos[1], text.length));
  const open = isUnclosed(code, message) ? flowAround(flowPlaces([contents]), pos[0]) : undefined;
  const isBehind = code === 'UNEXPECTED_TOKEN' && message.endsWith('at node end');
  const words = isBehind ? behindValue(text, start) : wordsFor(code, message);
  return {
    kind: 'parse-error',
    start,
    end,
    ...words,
    ...(open !== undefined && { earlier: open.start }),
  };
}

/** A brace or bracket that is not closed: the library says only where it misses the closing one. */
function isUnclosed(code: YAMLError['code'], message: string): boolean {
  return (code === 'BAD_INDENT' || code === 'MISSING_CHAR') && message.startsWith('Flow ');
}

function behindValue(text: string, start: number): Words {
  const line = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  if (line.trim() === '') {
    return { text: 'this line belongs neither to the list or map above it nor to one round it' };
  }
  if (/^,[ \t\r]*(?:\n|$)/.test(text.slice(start)))
    return {
      text: "a ',' stands behind the value: YAML takes none here, and JSON has '{' and '}' round all settings",
      hint: '{"name": "…", "config": {…}}',
    };
  return {
    text: 'the value is complete before this, and nothing may follow it here',
    hint: IN_QUOTES,
  };
}

export function tooDeepAt(offset: number): Problem {
  return { kind: 'parse-error', start: offset, end: offset + 1, ...TOO_DEEP };
}

/** Both kubectl and Ansible refuse what YAML 1.2.2, 5.1 does not count as printable; the library takes it. */
export function controlCharacterIn(body: string): Problem[] {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  const start = body.search(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]/);
  if (start === -1) return [];
  const code = body.charCodeAt(start).toString(16).toUpperCase();
  return [
    {
      kind: 'parse-error',
      start,
      end: start + 1,
      text: `a control character (U+${code.padStart(4, '0')}) stands here, which YAML does not take`,
      hint: `write \\u${code.toLowerCase().padStart(4, '0')} in a string in double quotes`,
    },
  ];
}

const TOO_DEEP: Words = {
  text: `lists or maps are nested deeper than ${MAX_DEPTH} levels, which no configuration needs: this is not read`,
};

function wordsFor(code: YAMLError['code'], message: string): Words {
  const words: ErrorWords | undefined = WORDS[code];
  if (words === undefined) return OTHER;
  if (!isList(words)) return words;
  return words.find(([part]) => part.test(message))?.[1] ?? OTHER;
}

function isList(words: ErrorWords): words is Exclude<ErrorWords, Words> {
  return Array.isArray(words);
}

const OTHER: Words = { text: 'this is not YAML' };

const WORDS: Partial<Record<YAMLError['code'], ErrorWords>> = {
  ALIAS_PROPS: { text: 'an alias takes neither a tag nor an anchor' },
  BAD_ALIAS: { text: "the name of an anchor is missing behind '&' or '*'", hint: IN_QUOTES },
  BAD_COLLECTION_TYPE: { text: 'this tag is for another kind of value' },
  BAD_DIRECTIVE: { text: "this line begins with '%', but is no directive that YAML knows" },
  BAD_DQ_ESCAPE: {
    text: 'a backslash in the string begins an escape that YAML does not know',
    hint: 'write \\\\ for a backslash, or put the string in single quotes',
  },
  BAD_INDENT: [
    [/^Flow map /, { text: "a '}' is missing in front of this" }],
    [/^Flow sequence /, { text: "a ']' is missing in front of this" }],
    [
      /^Block scalar lines/,
      { text: 'this line is indented less than the text that it belongs to' },
    ],
    [/must be indented$/, { text: 'the text of this value must be indented more than its name' }],
    [/sequence items/, { text: "this '-' does not stand in the column of the one above" }],
    [/./, { text: 'this line does not begin in the column of the name above it' }],
  ],
  BAD_PROP_ORDER: { text: 'a tag or an anchor stands in front of the sign that begins the entry' },
  BAD_SCALAR_START: {
    text: 'a value without quotes begins with a sign that means something: one of ` @ % | > ,',
    hint: IN_QUOTES,
  },
  BLOCK_AS_IMPLICIT_KEY: {
    text: "a ':' with a blank behind it stands in a value without quotes, or a second name on this line",
    hint: IN_QUOTES,
  },
  BLOCK_IN_FLOW: { text: 'inside of braces or brackets entries are not written line by line' },
  // Only where the library compares the names, as in a settings file.
  DUPLICATE_KEY: { text: 'this name stands in this map already' },
  KEY_OVER_1024_CHARS: { text: 'the name is longer than 1024 characters' },
  MISSING_CHAR: [
    [/^Missing closing "/, { text: "the string is not closed: its '\"' is missing" }],
    [/^Missing closing '/, { text: "the string is not closed: its ' is missing" }],
    [
      /^Implicit map keys/,
      { text: "a ':' with a blank behind it is missing between a name and its value" },
    ],
    [/^Sequence item/, { text: "a '-' with a blank behind it is missing in front of this entry" }],
    [/^Missing space after :/, { text: "a blank is missing behind the ':'" }],
    [/^Missing , between/, { text: "a ',' is missing in front of this" }],
    [/^Missing , or :/, { text: "a ',' or a ':' is missing in front of this" }],
    [/^Comments must/, { text: "a blank is missing in front of the '#' of a comment" }],
    [
      /^Tags and anchors/,
      { text: 'a blank is missing behind a tag or an anchor', hint: IN_QUOTES },
    ],
    [/end with a \}/, { text: "a '}' is missing" }],
    [/end with a \]/, { text: "a ']' is missing" }],
    [/same line with/, { text: "nothing but a value of one line may stand behind '---'" }],
    [/directives-end/, { text: "a line '---' is missing behind the lines that begin with '%'" }],
    [
      /explicit indentation/,
      { text: 'an empty line in front of the text is indented more than it' },
    ],
    [
      /^Missing newline after block/,
      { text: 'a tag or an anchor of a list stands on a line of its own' },
    ],
  ],
  MULTILINE_IMPLICIT_KEY: {
    text: "a name goes over several lines: a ':' is missing in it, or a quote is not closed",
  },
  MULTIPLE_ANCHORS: { text: 'a value has one anchor only' },
  MULTIPLE_TAGS: { text: 'a value has one tag only' },
  RESOURCE_EXHAUSTION: TOO_DEEP,
  TAB_AS_INDENT: {
    text: 'a tab stands in the indentation, where YAML takes blanks only',
    hint: 'write blanks in its place',
  },
  TAG_RESOLVE_FAILED: { text: 'this is no tag, or none that a %TAG line explains' },
  UNEXPECTED_TOKEN: [
    [
      /^Unexpected block-seq-ind/,
      { text: 'a list begins on the line of its name', hint: 'begin it on a line of its own' },
    ],
    [
      /^Block scalar header/,
      { text: "behind '|' or '>' stands at most a sign (+ or -) and a digit" },
    ],
    [/^Unexpected flow-(?:map|seq)-end/, { text: 'this bracket closes none that is open' }],
    [/^Unexpected (?:,|empty item)/, { text: "a ',' stands where a value belongs" }],
    [/./, { text: 'this does not belong here' }],
  ],
};
