// Times as people and programs write them, read by RFC 3339 section 5.6 and by nothing else: Date.parse alone takes
// `2026-02-30`, `May 1` and other texts, each to what its author did not mean.

const RFC_3339 =
  /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/i;

/** The time in UTC with milliseconds, as it is kept; undefined where the text is none, or one outside of the years 0000 to 9999. */
export function parseTime(text: string): string | undefined {
  const [, day] = RFC_3339.exec(text) ?? [];
  if (day === undefined || !isDay(day)) return undefined;
  return timeOf(Date.parse(text.toUpperCase()));
}

/** The same for milliseconds since 1970. */
export function timeOf(milliseconds: number): string | undefined {
  const date = new Date(milliseconds);
  if (Number.isNaN(date.getTime())) return undefined;
  const text = date.toISOString();
  return text.length === '2026-01-01T00:00:00.000Z'.length ? text : undefined;
}

/** 30 February is taken for the second of March. */
function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
