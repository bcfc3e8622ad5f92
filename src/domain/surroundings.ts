// Where a value is to stand in a setting, and what it may not hold there. A worker puts values in place of references in the
// text that the connector is given, and escapes nothing: what the text is made of decides whether a value breaks it.
// A value that was stored as its surroundings write it, `p%40ss` for a URL, is right there.

/** What a value holds and its surroundings forbid: the only fact about a value that is ever told, and of several the first. */
export const OBSTACLES = {
  'line-break': { holds: has(/[\n\r]/), words: 'a line break' },
  'control-character': { holds: has(/\p{Cc}/u), words: 'a control character' },
  blank: { holds: has(/[\p{Cc} ]/u), words: 'white space' },
  'white-space-at-an-end': { holds: isPadded, words: 'white space at its beginning or end' },
  'double-quote': { holds: has(/"/), words: `a double quote, '"'` },
  'single-quote': { holds: has(/'/), words: `a single quote, "'"` },
  backslash: { holds: has(/\\/), words: "a backslash, '\\'" },
  slash: { holds: has(/\//), words: "a '/'" },
  colon: { holds: has(/:/), words: "a ':'" },
  at: { holds: has(/@/), words: "an '@'" },
  'question-mark': { holds: has(/\?/), words: "a '?'" },
  hash: { holds: has(/#/), words: "a '#'" },
  percent: { holds: has(/%/), words: "a '%'" },
  ampersand: { holds: has(/&/), words: "an '&'" },
  plus: { holds: has(/\+/), words: "a '+'" },
  equals: { holds: has(/=/), words: "an '='" },
  semicolon: { holds: has(/;/), words: "a ';'" },
  comma: { holds: has(/,/), words: "a ','" },
  'less-than': { holds: has(/</), words: "a '<'" },
  'closing-brace': { holds: has(/\}/), words: "a '}'" },
  'opening-bracket': { holds: has(/\[/), words: "a '['" },
  'closing-bracket': { holds: has(/\]/), words: "a ']'" },
  nothing: { holds: (value: string) => value === '', words: 'nothing at all' },
} satisfies Record<string, { holds: (value: string) => boolean; words: string }>;

export type Obstacle = keyof typeof OBSTACLES;

interface Row {
  /** The words behind `cannot stand`. */
  where: string;
  forbids: readonly Obstacle[];
  /** What is written so in the value already, and so is no obstacle. */
  escapes?: RegExp;
  /** What would be right beside another value: behind `or this one`. */
  right?: string;
}

const PERCENT = { escapes: /%[0-9a-f]{2}/gi, right: 'percent-encoded' };
const BACKSLASHES = { escapes: /\\[\\"']/g, right: "with '\\' in front of each quote and '\\'" };
const ENTITIES = {
  escapes: /&(?:#\d+|#x[0-9a-f]+|\w+);/gi,
  right: "with '&lt;' for '<' and so on",
};
const JSON_STRING = {
  escapes: /\\(?:["\\/bfnrt]|u[0-9a-f]{4})/gi,
  right: 'escaped as JSON has it',
};
const BRACES = { escapes: /\}\}/g, right: "with '}}' for '}'" };
const DOUBLED = { escapes: /''|\\'/g, right: 'with two single quotes for one' };

const OF_URLS: readonly Obstacle[] = ['line-break', 'blank', 'backslash', 'percent'];
const OF_QUERIES: readonly Obstacle[] = [...OF_URLS, 'ampersand', 'hash'];
const OF_USERS: readonly Obstacle[] = [
  ...OF_URLS,
  'slash',
  'question-mark',
  'hash',
  'at',
  'opening-bracket',
  'closing-bracket',
];
/** Kafka's JaasConfig is a StreamTokenizer: a quote ends with its line, and a backslash in it vanishes or means something. */
const OF_JAAS: readonly Obstacle[] = ['line-break', 'backslash'];
const OF_JAAS_WORDS: readonly Obstacle[] = [
  'nothing',
  'blank',
  'semicolon',
  'equals',
  'slash',
  'double-quote',
  'single-quote',
];
const OF_XML: readonly Obstacle[] = ['less-than', 'ampersand'];

const ROWS = {
  'jaas-double-quotes': row(
    'in the double quotes of a JAAS option',
    ['double-quote', ...OF_JAAS],
    BACKSLASHES,
  ),
  'jaas-single-quotes': row(
    'in the single quotes of a JAAS option',
    ['single-quote', ...OF_JAAS],
    BACKSLASHES,
  ),
  'jaas-word': row('in a JAAS option without quotes', OF_JAAS_WORDS),
  'json-string': row(
    'in a string of JSON',
    ['double-quote', 'backslash', 'line-break', 'control-character'],
    JSON_STRING,
  ),
  'xml-text': row('in a text of XML', OF_XML, ENTITIES),
  'xml-double-quotes': row('in an attribute of XML', ['double-quote', ...OF_XML], ENTITIES),
  'xml-single-quotes': row('in an attribute of XML', ['single-quote', ...OF_XML], ENTITIES),
  // RFC 3986, section 3.2.1.
  'url-user': row('as the user of a URL', [...OF_USERS, 'colon'], PERCENT),
  'url-password': row('as the password of a URL', OF_USERS, PERCENT),
  // A second ':' in the log-in is a fault in its connection strings.
  'mongodb-login': row('in the log-in of a MongoDB URL', [...OF_USERS, 'colon'], PERCENT),
  'url-path': row('in the path of a URL', [...OF_URLS, 'question-mark', 'hash'], PERCENT),
  'url-query': row('in the query of a URL', OF_QUERIES, PERCENT),
  // Where Java's URLDecoder reads it, as most drivers have it, a `+` becomes a blank.
  'url-form': row('in the query of a URL', [...OF_QUERIES, 'plus'], PERCENT),
  'connection-string': row('in a connection string', ['line-break', 'semicolon']),
  'connection-string-braces': row(
    'in the braces of a connection string',
    ['line-break', 'closing-brace'],
    BRACES,
  ),
  'oracle-login': row('in the log-in of an Oracle URL', ['line-break', 'at', 'double-quote']),
  'user-of-a-pair': row("in front of the ':' between user and password", ['colon']),
  'double-quotes': row('in double quotes', ['double-quote', 'line-break'], BACKSLASHES),
  'single-quotes': row('in single quotes', ['single-quote', 'line-break'], DOUBLED),
  list: row('in a list', ['comma', 'line-break', 'white-space-at-an-end']),
  line: row('in a text of one line', ['line-break', 'control-character']),
  // ConfigDef trims what it knows as text or password; to others the value goes as it stands.
  setting: row('as a setting', ['white-space-at-an-end']),
};

export type Surroundings = keyof typeof ROWS;

export const SURROUNDINGS: Readonly<Record<Surroundings, Row>> = ROWS;

/** Undefined where the value can stand there. */
export function obstacleIn(value: string, surroundings: Surroundings): Obstacle | undefined {
  const { escapes, forbids } = SURROUNDINGS[surroundings];
  const rest = escapes === undefined ? value : value.replace(escapes, '_');
  return forbids.find((obstacle) => OBSTACLES[obstacle].holds(rest));
}

function row(
  where: string,
  forbids: readonly Obstacle[],
  written: Pick<Row, 'escapes' | 'right'> = {},
): Row {
  return { where, forbids, ...written };
}

function has(pattern: RegExp): (value: string) => boolean {
  return (value) => pattern.test(value);
}

/** What Java's String.trim takes away from a setting; of a text of several lines (PEM, JSON) nobody minds the last line break. */
function isPadded(value: string): boolean {
  return /^[\p{Cc} ]|[\p{Cc} ]$/u.test(value) && !/[\n\r]/.test(value.trim());
}
