// Parsers for the JSON that a server answers. Members that a newer server adds are ignored.
/** Parses a part of an answer. Fails with Malformed. */
export type Shape<T> = (value: unknown) => T;

export class Malformed extends Error {}

type Members = Record<string, Shape<unknown>>;
type Parsed<M extends Members> = { [N in keyof M]: ReturnType<M[N]> };

export const text: Shape<string> = (value) => {
  if (typeof value !== 'string') throw new Malformed();
  return value;
};

export const whole: Shape<number> = (value) => {
  if (!Number.isSafeInteger(value)) throw new Malformed();
  return value as number;
};

export const flag: Shape<boolean> = (value) => {
  if (typeof value !== 'boolean') throw new Malformed();
  return value;
};

/** For an answer whose body, if there is one, does not matter. */
export const nothing: Shape<void> = () => undefined;

export function list<T>(shape: Shape<T>): Shape<T[]> {
  return (value) => {
    if (!Array.isArray(value)) throw new Malformed();
    return value.map((one) => shape(one));
  };
}

export function oneOf<const T extends string>(allowed: readonly T[]): Shape<T> {
  return (value) => {
    const found = allowed.find((one) => one === value);
    if (found === undefined) throw new Malformed();
    return found;
  };
}

/** An object with these members, and with those of `optional` that it has. */
export function object<M extends Members, O extends Members = Members>(
  members: M,
  optional?: O,
): Shape<Parsed<M> & Partial<Parsed<O>>> {
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Malformed();
    const given = new Map(Object.entries(value));
    const needed = Object.entries(members).map(
      ([name, shape]) => [name, shape(given.get(name))] as const,
    );
    const more = Object.entries(optional ?? {}).flatMap(([name, shape]) =>
      given.has(name) ? [[name, shape(given.get(name))] as const] : [],
    );
    return Object.fromEntries([...needed, ...more]) as Parsed<M> & Partial<Parsed<O>>;
  };
}
