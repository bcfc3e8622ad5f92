// RFC 8785 (JSON Canonicalization Scheme) for the values that we store: one text for each value, so that a
// MAC over the text is a MAC over the value. Members are sorted by UTF-16 code units, no white space.

export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue | undefined };

/** The canonical text. Members that are `undefined` are left out, as JSON.stringify does. */
export function canonicalJson(value: JsonValue): string {
  // What was read from canonical text is in order already, and written several times as fast at once.
  return isInOrder(value) ? JSON.stringify(value) : sorted(value);
}

function isInOrder(value: JsonValue | undefined): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (value === null || typeof value !== 'object') return true;
  if (isArray(value)) return value.every(isInOrder);
  let last = '';
  for (const name in value) {
    if (name < last || !isInOrder(value[name])) return false;
    last = name;
  }
  return true;
}

/** One member of an object in canonical text: `"name":value`. */
export interface Member {
  name: string;
  text: string;
}

/** The members of an object in their order, so that one can be added without writing the others again. */
export function canonicalMembers(value: {
  readonly [name: string]: JsonValue | undefined;
}): Member[] {
  return membersOf(value, canonicalJson);
}

/** The canonical text of the object that has these members, which are in their order. */
export function joinMembers(members: readonly Member[]): string {
  let text = '';
  for (const member of members) text += text === '' ? member.text : `,${member.text}`;
  return `{${text}}`;
}

/** The members with one more, in its place. */
export function withMember(members: readonly Member[], name: string, value: JsonValue): Member[] {
  const after = members.findIndex((member) => member.name > name);
  const member = { name, text: memberText(name, canonicalJson(value)) };
  return members.toSpliced(after === -1 ? members.length : after, 0, member);
}

function membersOf(
  value: { readonly [name: string]: JsonValue | undefined },
  write: (member: JsonValue) => string,
): Member[] {
  const members: Member[] = [];
  for (const name of Object.keys(value)) {
    const member = value[name];
    if (member !== undefined) members.push({ name, text: memberText(name, write(member)) });
  }
  return members.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function memberText(name: string, value: string): string {
  return `${JSON.stringify(name)}:${value}`;
}

function sorted(value: JsonValue): string {
  if (value === null || typeof value !== 'object') return scalar(value);
  if (isArray(value)) return `[${value.map(sorted).join(',')}]`;
  return joinMembers(membersOf(value, sorted));
}

function isArray(value: object): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function scalar(value: null | boolean | number | string): string {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new TypeError('a number that JSON cannot hold');
  }
  return JSON.stringify(value);
}
