// Texts put into a script so that ksqlDB, and behind it Kafka, reads exactly them. A text may go over several lines:
// only its quote is escaped.
import type { NewPart } from '../document.ts';
import { type Edit, writeOver } from '../edit.ts';
import type { PiecedText } from '../pieced-text.ts';

export function quotedText(text: string): string {
  return `'${doubled(text, "'")}'`;
}

export function nameText(text: string): string {
  return `\`${doubled(text, '`')}\``;
}

export function replacePart(value: PiecedText, part: NewPart): Edit {
  return writeOver(value.part(part.start, part.end), doubled(part.text, "'"));
}

function doubled(text: string, quote: string): string {
  return text.replaceAll(quote, quote + quote);
}
