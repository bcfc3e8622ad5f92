// Whether what lies in a registry is what was written to it.
import { missingRecords } from '../../registry/lookup.ts';
import type { State } from '../../registry/state.ts';
import type { StoreFact } from '../../store/store.ts';

/** Clocks that are kept right differ by less. */
const CLOCK_TOLERANCE_MS = 60_000;

export function recordFacts(state: State, now: Date): StoreFact[] {
  const facts: StoreFact[] = [{ name: 'commits', state: 'ok', text: `${state.lastN}` }];
  if (state.registry?.moving !== undefined) facts.push(moveFact(state, state.registry.moving));
  for (const { recordKey, reason } of state.alarms)
    facts.push({ name: 'record', state: 'fail', text: `${recordKey}: ${reason}` });
  if (state.foreign > 0)
    facts.push({ name: 'foreign records', state: 'fail', text: `${state.foreign}` });
  const missing = missingRecords(state);
  for (const what of missing) facts.push({ name: 'missing', state: 'fail', text: what });
  if (state.alarms.length === 0 && missing.length === 0)
    facts.push({ name: 'authenticity', state: 'ok', text: 'every record is authentic' });
  if (state.commit !== undefined) facts.push(clockFact(state.commit.at, now));
  return facts;
}

/** Values expire, tokens end and versions are dated by the clock of whoever works on the registry. */
function clockFact(newest: string, now: Date): StoreFact {
  const ahead = Date.parse(newest) - now.getTime();
  const name = 'clock';
  if (ahead <= CLOCK_TOLERANCE_MS)
    return { name, state: 'ok', text: `not behind the newest commit, of ${newest}` };
  const seconds = Math.round(ahead / 1000);
  return {
    name,
    state: 'warn',
    text: `this clock is ${seconds} s behind the newest commit, of ${newest}`,
  };
}

/** The commit that began the move is the newest one, for no other is made meanwhile. */
function moveFact({ registry, commit }: State, to: string): StoreFact {
  const at = commit !== undefined && commit.n === registry?.n ? ` at ${commit.at}` : '';
  const text = `a move to ${to} was begun${at}: the registry takes no changes until it goes on or is cancelled`;
  return { name: 'move', state: 'warn', text };
}
