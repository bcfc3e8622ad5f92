// The documents of a YAML stream, as the library's syntax tree. Stops where it nests too deeply, since the library's next
// steps are recursive.
import { Composer, type Document, Lexer, Parser } from 'yaml';
import { schema } from './schema.ts';

/**
 * Far more than a configuration has. Jackson, with which Kafka Connect reads, takes 1000. At that depth the library's recursion
 * fills the stack, and its search for line breaks in names that are lists takes time that grows with the square.
 */
export const MAX_DEPTH = 200;

export type YamlDocument = Document.Parsed;

export interface YamlStream {
  documents: readonly YamlDocument[];
  /** Where the nesting is too deep; nothing is known of the document around it and of those behind. */
  tooDeep: number | undefined;
}

const OPTIONS = {
  schema,
  keepSourceTokens: true,
  logLevel: 'silent',
  // The messages of pretty errors quote lines of the text.
  prettyErrors: false,
  // The library compares each name with all others of its map; values.ts does it in one go.
  uniqueKeys: false,
} as const;

export function composeStream(text: string): YamlStream {
  // A hostile text has a fault in every character, and for each the library makes an Error with its stack.
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return compose(text);
  } finally {
    Error.stackTraceLimit = limit;
  }
}

function compose(text: string): YamlStream {
  const documents: YamlDocument[] = [];
  const parser = new Parser();
  const composer = new Composer(OPTIONS);
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) documents.push(...composer.next(token));
    if (parser.stack.length > MAX_DEPTH) {
      documents.push(...composer.end());
      return { documents, tooDeep: parser.offset };
    }
  }
  for (const token of parser.end()) documents.push(...composer.next(token));
  documents.push(...composer.end(true, text.length));
  return { documents, tooDeep: undefined };
}
