// What editors, merges, encodings and bad will do to a file.

type Random = () => number;
type Mutation = (text: string, random: Random) => string;

/** Of the grammars of all formats, and what none of them has. */
const TOKENS: readonly string[] = [
  ...['{', '}', '[', ']', '"', "'", ':', ',', '\\', '\\u', '\\ud800', '\\u0000', '//', '/*', '*/'],
  ...['{"', '":', '": {', '"config": {', 'null', 'true', '1e999', '-', '0x', '[[[[', '{{', '}}'],
  ...[
    '---\n',
    '...\n',
    '- ',
    '? ',
    ': ',
    '& a',
    '&a ',
    '*a',
    '*a : ',
    '<<: *a\n',
    '<<: [*a, *a]\n',
  ],
  ...['!!binary ', '!!str ', '!vault |\n', '!<', '|\n', '>-\n', '|2+\n', '%YAML 1.1\n', '# ', '#'],
  ...[
    '@',
    '`',
    '=',
    ' = ',
    '\\\n',
    '!',
    '${',
    '}',
    '$${',
    '%{',
    '%{ if x }',
    '%{~',
    '${secret:',
    ':',
  ],
  ...[
    '${secret:orders:password}',
    '${secrets:orders:password}',
    '$${secret:orders:p}',
    '${file:/x:k}',
  ],
  ...['<<EOT\n', 'EOT\n', '<<-EOT\n', 'resource "kafka-connect_connector" "x" {\n', 'config = {\n'],
  ...[
    '"${',
    '${"',
    'jsonencode({',
    'CREATE SOURCE CONNECTOR ',
    'WITH (',
    ');',
    "''",
    '--',
    'IF NOT EXISTS ',
  ],
  ...[
    '\n',
    '\r\n',
    '\r',
    '\n\n',
    '\t',
    '  ',
    ' ',
    '\u0000',
    '\u0007',
    '\u0085',
    '\u00a0',
    '\u2028',
  ],
  ...['\uFEFF', '\uFFFD', '\u202e', '\u200b', '\ud83d\ude00', 'e\u0301', '\u{e0001}', '\u001b[31m'],
  ...[
    '# secretreg-ignore ',
    '# secretreg-ignore-file literal-secret because\n',
    '__proto__',
    'constructor',
  ],
  ...[
    '"__proto__": {',
    '"connector.class": "x"',
    'apiVersion: v1\nkind: List\nitems:\n- ',
    'name: ',
    'kind: Secret\n',
  ],
];

const LINE_ENDS = ['\n', '\r\n', '\r', '\n\r'];

/** A literal list: what is named first is tried as often as the last. */
const MUTATIONS: readonly Mutation[] = [
  // One character goes, comes twice, or is another one.
  (text, random) => spliced(text, at(text, random), 1, ''),
  (text, random) => {
    const place = at(text, random);
    return spliced(text, place, 0, text.slice(place, place + 1));
  },
  (text, random) =>
    spliced(text, at(text, random), 1, String.fromCharCode(Math.floor(random() * 0x100))),
  // A bit is another one, of what is ASCII.
  (text, random) => {
    const place = at(text, random);
    const code = (text.charCodeAt(place) || 0) ^ (1 << Math.floor(random() * 7));
    return spliced(text, place, 1, String.fromCharCode(code & 0x7f));
  },
  (text, random) => spliced(text, at(text, random), 0, pick(TOKENS, random)),
  (text, random) => spliced(text, at(text, random), 0, pick(TOKENS, random)),
  // It ends too early, or begins too late.
  (text, random) => text.slice(0, at(text, random)),
  (text, random) => text.slice(at(text, random)),
  // Some of it goes, comes again, or stands elsewhere.
  (text, random) => {
    const [start, end] = part(text, random);
    return text.slice(0, start) + text.slice(end);
  },
  (text, random) => {
    const [start, end] = part(text, random);
    return spliced(text, end, 0, text.slice(start, end).repeat(1 + Math.floor(random() * 5)));
  },
  (text, random) => {
    const [start, end] = part(text, random);
    return spliced(text, at(text, random), 0, text.slice(start, end));
  },
  (text, random) => text + pick(['', '\n', '\n---\n'], random) + text,
  onLines((lines, random) => lines.toSpliced(at(lines, random), 1)),
  onLines((lines, random) => {
    const place = at(lines, random);
    return lines.toSpliced(place, 0, lines[place] ?? '');
  }),
  onLines((lines, random) =>
    lines.toSpliced(at(lines, random), 0, ...lines.splice(at(lines, random), 1)),
  ),
  // Line ends of another machine, some of them or all; indentation with tabs.
  (text, random) => {
    const end = pick(LINE_ENDS, random);
    return text.replaceAll('\n', end);
  },
  (text, random) => text.replace(/\n/g, () => pick(LINE_ENDS, random)),
  (text, random) => text.replace(/^ +/gm, (blanks) => (random() < 0.3 ? '\t' : blanks)),
  onLines((lines, random) => {
    const place = at(lines, random);
    return lines.with(place, pick([' ', '  ', '\t'], random) + (lines[place] ?? ''));
  }),
  (text) => text.replaceAll('\n', ' '),
  // A byte order mark, in front of it or in the middle of it.
  (text) => `\uFEFF${text}`,
  (text, random) => spliced(text, at(text, random), 0, '\uFEFF'),
  // Deep, long and large.
  (text, random) => {
    const open = pick(['[', '{', '{"a":', '- ', '(', '${', 'a: {', '"${"'], random);
    return spliced(text, at(text, random), 0, open.repeat(Math.floor(random() ** 3 * 2000)));
  },
  (text, random) => {
    const piece = pick(['a', ' ', '"', '\\', '秘', 'a.', '${a:', '\t', '-', '*a '], random);
    return spliced(text, at(text, random), 0, piece.repeat(Math.floor(random() ** 3 * 5000)));
  },
  // Quotes of another kind.
  (text, random) => text.replace(/"/g, (quote) => (random() < 0.1 ? "'" : quote)),
  (text, random) =>
    text.replace(/[:=]/g, (sign) => (random() < 0.05 ? pick([':', '=', ''], random) : sign)),
];

/** One to four of them. */
export function mutated(text: string, random: Random): string {
  let it = text;
  do it = pick(MUTATIONS, random)(it, random);
  while (random() < 0.4);
  // As it comes from a file: of half a pair nothing is left.
  return it.toWellFormed();
}

function onLines(change: (lines: string[], random: Random) => string[]): Mutation {
  return (text, random) => change(text.split('\n'), random).join('\n');
}

function pick<T>(from: readonly T[], random: Random): T {
  const one = from[Math.floor(random() * from.length)];
  if (one === undefined) throw new RangeError('nothing to pick from');
  return one;
}

function at({ length }: { length: number }, random: Random): number {
  return Math.floor(random() * length);
}

function part(text: string, random: Random): [start: number, end: number] {
  const start = at(text, random);
  return [start, Math.min(text.length, start + Math.floor(random() ** 2 * 400))];
}

function spliced(text: string, start: number, count: number, put: string): string {
  return text.slice(0, start) + put + text.slice(start + count);
}
