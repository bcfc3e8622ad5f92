// Looking into values as a parser gives them.
import { pointerSegment } from './json-pointer.ts';

export type JsonObject = Record<string, unknown>;

export function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

export function isObject(value: unknown): value is JsonObject {
  return isContainer(value) && !Array.isArray(value);
}

/** What Kafka Connect gets: numbers and booleans as text. */
export function scalarText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** The pointer of a member. */
export function below(pointer: string, member: string): string {
  return `${pointer}/${pointerSegment(member)}`;
}
