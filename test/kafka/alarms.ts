import type { StoreFact } from '../../src/store/store.ts';

/** What every broker of the tests has: it is alone, and lets everybody in. */
const OF_ONE_BROKER: ReadonlySet<string> = new Set(['copies', 'transactions', 'who may read']);

/** What is not as it should be, beside that. */
export function alarmsIn(facts: readonly StoreFact[]): StoreFact[] {
  return facts.filter(({ name, state }) => state !== 'ok' && !OF_ONE_BROKER.has(name));
}
