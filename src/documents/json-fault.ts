// The first fault of a text that is no JSON, told in words. No part of the text is quoted: it may be a value.
import { type ParseErrorCode, printParseErrorCode, visit } from 'jsonc-parser';
import type { Fault } from './problem.ts';

type FaultName = ReturnType<typeof printParseErrorCode>;

interface Found {
  name: FaultName;
  start: number;
  end: number;
  /** Where the innermost open bracket stands. */
  open: number | undefined;
}

export function findFault(body: string, isGuess: boolean): Fault {
  if (body.trim() === '') {
    return { start: 0, end: 0, text: 'the file is empty', hint: '{"name": "…", "config": {…}}' };
  }
  if (holdsOnlyComments(body)) {
    return { start: 0, end: 1, text: 'the file holds nothing but comments' };
  }
  const found = firstFault(body);
  if (found === 'too deep') {
    return {
      start: 0,
      end: 1,
      text: 'arrays or objects are nested too deeply, and not all of them are closed',
    };
  }
  return found === undefined
    ? { start: 0, end: 1, text: 'this is not JSON' }
    : inWords(body, found, isGuess);
}

/** Comments of any format: such a text has nothing else to tell its format by. */
function holdsOnlyComments(body: string): boolean {
  return body.split(/\r\n|\n|\r/).every((line) => /^\s*(?:$|#|\/\/|--)/.test(line));
}

class Stop extends Error {}

function firstFault(body: string): Found | 'too deep' | undefined {
  const open: number[] = [];
  let found: Found | undefined;
  const push = (start: number) => void open.push(start);
  // At the end of the text the parser closes what is open before it reports the fault.
  const pop = (at: number) => void (at < body.length && open.pop());
  try {
    visit(
      body,
      {
        onObjectBegin: push,
        onArrayBegin: push,
        onObjectEnd: pop,
        onArrayEnd: pop,
        onError: (code: ParseErrorCode, start, length) => {
          found ??= {
            name: printParseErrorCode(code),
            start,
            end: start + length,
            open: open.at(-1),
          };
          throw new Stop();
        },
      },
      { disallowComments: true, allowTrailingComma: false },
    );
  } catch (error) {
    // The parser is recursive, so that a million open brackets overflow the stack.
    if (error instanceof RangeError) return 'too deep';
    if (!(error instanceof Stop)) throw error;
  }
  return found;
}

function inWords(body: string, found: Found, isGuess: boolean): Fault {
  const { start, end, name } = found;
  const before = body.slice(0, start).trimEnd();
  if (
    name === 'InvalidCommentToken' ||
    body.startsWith('//', start) ||
    body.startsWith('/*', start)
  ) {
    return {
      start,
      end: start + 2,
      text: 'JSON has no comments',
      hint: 'put the remark in a file of its own, and remove it here',
    };
  }
  if (name === 'UnexpectedEndOfString')
    return { start, end, text: "the string is not closed on its line: its '\"' is missing" };
  if (name === 'InvalidEscapeCharacter') return escapeFault(body, found);
  if (name === 'InvalidUnicode') {
    return {
      ...escapeFault(body, found),
      text: "'\\u' in the string is not followed by four hexadecimal digits",
    };
  }
  if (name === 'InvalidCharacter') return controlFault(body, found);
  if (start >= body.trimEnd().length) return endFault(body, found);
  if (/[}\]]/.test(body[start] ?? '') && before.endsWith(',')) {
    const comma = before.length - 1;
    return {
      start: comma,
      end: comma + 1,
      text: `a ',' stands before '${body[start]}': JSON has no trailing comma`,
      hint: 'remove the comma',
    };
  }
  if (name === 'CommaExpected' && body[start - 1] === '0' && /\d/.test(body[start] ?? '')) {
    return {
      start: start - 1,
      end,
      text: 'a number does not begin with 0',
      hint: 'write it as a text, in double quotes',
    };
  }
  if (name === 'InvalidSymbol' && isGuess) return { start, end, text: OF_NO_FORMAT };
  return { start, end, text: expectation(body, found) };
}

const OF_NO_FORMAT =
  'the text begins as none of the formats do that are read: JSON, YAML, .properties, Terraform, SQL of ksqlDB and scripts of a shell';

function expectation(body: string, { name, start }: Found): string {
  const first = body[start] ?? '';
  if (first === "'") return 'names and texts stand in double quotes, not in single ones';
  if (/[“”„‟‘’‚‛«»]/.test(first))
    return `names and texts stand in straight double quotes, '"', not in typographic ones`;
  if (name === 'CommaExpected')
    return "a ',' is missing in front of this, or a '\"' inside a text is not written \\\"";
  if (name === 'ColonExpected') return "a ':' is missing between the name and its value";
  if (name === 'EndOfFileExpected')
    return 'the document is complete before this: nothing may follow';
  if (name === 'PropertyNameExpected')
    return 'the name of a setting in double quotes is missing here';
  if (name === 'InvalidSymbol') {
    return 'this is neither a text in double quotes nor a number, true, false or null';
  }
  if (name === 'UnexpectedEndOfNumber' || name === 'InvalidNumberFormat')
    return 'this is not a number as JSON writes it';
  return 'a value is missing here';
}

/** Finds the backslash of the wrong escape by skipping the right ones in front of it. */
function escapeFault(body: string, { start, end }: Found): Fault {
  const right = /^"(?:[^"\\]|\\["\\/bfnrt]|\\u[0-9A-Fa-f]{4})*/.exec(body.slice(start, end));
  const at = start + (right?.[0].length ?? 0);
  return {
    start: at,
    end: at + 2,
    text: 'a backslash in the string begins an escape that JSON does not know',
    hint: 'write \\\\ for a backslash; a $ needs none in front of it',
  };
}

function controlFault(body: string, { start, end }: Found): Fault {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  const offset = body.slice(start, end).search(/[\u0000-\u001f]/);
  const at = start + Math.max(0, offset);
  const code = body.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0');
  const escape = code === '0009' ? '\\t' : `\\u${code.toLowerCase()}`;
  return {
    start: at,
    end: at + 1,
    text: `a control character (U+${code}) stands in the string`,
    hint: `write ${escape}`,
  };
}

function endFault(body: string, { open }: Found): Fault {
  const end = body.trimEnd().length;
  const bracket = open === undefined ? undefined : body[open];
  const missing = bracket === undefined ? 'a value' : `a '${bracket === '{' ? '}' : ']'}'`;
  return {
    start: end - 1,
    end,
    text: `the file ends too early: ${missing} is missing`,
    ...(open !== undefined && { earlier: open }),
  };
}
