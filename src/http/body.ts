// A JSON body from bytes: UTF-8, at most four levels deep, no member twice. No message quotes it, for it holds secrets.
import { visit } from 'jsonc-parser';
import { visible } from '../domain/visible.ts';
import { wrongUse } from './wrong-use.ts';

const UTF8 = new TextDecoder('utf-8', { fatal: true });
const MAX_DEPTH = 4;
/** To check a value costs more than its bytes: 16 MiB of `{},` would hold the server for half a minute. */
const MOST_VALUES = 100_000;

/** Fails with wrong-use. */
export function parseBody(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = UTF8.decode(bytes);
  } catch {
    throw wrongUse('the body is not UTF-8');
  }
  if (text.trim() === '') throw wrongUse('the body is empty, and JSON is needed');
  refuseFaults(text);
  return JSON.parse(text) as unknown;
}

/** JSON.parse would take the last of two members of one name and any depth, and quote the text in its messages. */
function refuseFaults(text: string): void {
  const open: Set<string>[] = [];
  let values = 0;
  const count = () => {
    values += 1;
    if (values > MOST_VALUES) throw wrongUse(`the body holds more than ${MOST_VALUES} values`);
  };
  const begin = () => {
    count();
    if (open.push(new Set()) > MAX_DEPTH)
      throw wrongUse(`the body is nested more than ${MAX_DEPTH} levels deep`);
  };
  const end = () => void open.pop();
  visit(
    text,
    {
      onObjectBegin: begin,
      onArrayBegin: begin,
      onObjectEnd: end,
      onArrayEnd: end,
      onObjectProperty: (name) => {
        requireWellFormed(name);
        const seen = open.at(-1);
        if (seen?.has(name)) throw wrongUse(`'${shown(name)}' stands twice in the body`);
        seen?.add(name);
      },
      onLiteralValue: (value: unknown) => {
        count();
        if (typeof value === 'string') requireWellFormed(value);
      },
      onError: (_error, _offset, _length, line, column) => {
        throw wrongUse(`the body is not JSON (line ${line + 1}, column ${column + 1})`);
      },
    },
    { disallowComments: true },
  );
}

/** The name of a member as messages show it. */
export function shown(name: string): string {
  return visible(name.length > 100 ? `${name.slice(0, 100)}…` : name);
}

function requireWellFormed(text: string): void {
  if (!text.isWellFormed())
    throw wrongUse('the body holds half of a surrogate pair, which is no text');
}
