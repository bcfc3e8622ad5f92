// How names of the user's file appear in messages and commands. What comes from a file may be hostile, and may
// hold a value by mistake.
import { visible } from '../domain/visible.ts';
import type { Position } from '../documents/position.ts';

/** A name in quotes. Characters that would steer a terminal are shown as escapes. */
export function quoted(name: string): string {
  return `'${visible(name)}'`;
}

/** Where another place is, for a reader who looks at `here`. */
export function placeText(there: Position, here: Position): string {
  return there.line === here.line
    ? `in column ${there.column} of this line`
    : `on line ${there.line}`;
}
