// Row L of quality.md: what several processes on one registry were answered can be put in one order, though some of them
// were killed. What every history of a run is judged by, and what the run tells.
import { expect } from 'vitest';
import { init } from '../../registry/fixture.ts';
import { real, storeAt } from '../rotation-registry.ts';
import { type Incident, record, violations } from './recording.ts';

const IS_RELEASE = process.env['SECRETREG_TEST_SIZE'] === 'release';
export const HISTORIES = Number(process.env['SECRETREG_TEST_RUNS'] ?? (IS_RELEASE ? 200 : 10));
export const SEED = Number(process.env['SECRETREG_TEST_SEED'] ?? Date.now() % 1_000_000);
export const SIZE = { processes: 3, clients: 2, operations: 90, kills: 3 };

export class Judged {
  #operations = 0;
  #unanswered = 0;
  #refused = 0;
  #kills = 0;

  /** Makes a registry there, and a history. */
  async judge(
    place: string,
    random: () => number,
    incidents: readonly Incident[] = [],
  ): Promise<void> {
    await init(await storeAt(place), real);
    const operations = await record(place, SIZE, random, incidents);
    expect(violations(operations)).toEqual([]);
    this.#operations += operations.length;
    this.#kills += SIZE.kills + incidents.length;
    for (const { answer } of operations) {
      if (answer === undefined) this.#unanswered += 1;
      else if ('code' in answer.outcome) this.#refused += 1;
    }
  }

  tell(where: string): void {
    const all = `${this.#operations} operations (${this.#refused} refused, ${this.#unanswered} not answered)`;
    console.log(
      `SECRETREG_TEST_SEED=${SEED} ${where}: ${HISTORIES} histories, ${all}, ${this.#kills} kills, 0 violations`,
    );
    // Kills in the midst of nothing would prove nothing.
    expect(this.#unanswered).toBeGreaterThan(0);
    expect(this.#refused).toBeLessThan(this.#operations * 0.6);
  }
}
