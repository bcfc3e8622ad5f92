// XML 1.0. It has no way to write most control characters (section 2.2, "Characters"): they are shown as escapes.
import { visible } from '../../domain/visible.ts';

/** Element content, of one line or several. */
export function xmlText(text: string): string {
  return text
    .replace(/[^\n\t]+/g, visible)
    .replace(FORBIDDEN, escape)
    .replace(/[&<>]/g, entity);
}

/** An attribute's value, without the quotes. */
export function xmlAttribute(text: string): string {
  return visible(text)
    .replace(FORBIDDEN, escape)
    .replace(/[&<>"]/g, entity);
}

/** Characters that XML forbids and `visible` leaves, since they control nothing. */
const FORBIDDEN = /[\uFFFE\uFFFF]/g;

function escape(character: string): string {
  return `\\u{${character.charCodeAt(0).toString(16)}}`;
}

function entity(character: string): string {
  return `&#${character.charCodeAt(0)};`;
}
