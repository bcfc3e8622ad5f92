// A process of its own that does what it is asked, over its own store: `fork('child.ts', [PLACE, MASTER_KEY_NUMBER])`.
// Each answer says when the question was begun and ended: in microseconds of the clock that all processes of a machine
// share, rounded to either side.

import { LocalProcess, keysFrom } from './process.ts';
import type { Answer, Question } from './child-process.ts';
import { real, storeAt } from '../../process/rotation-registry.ts';

const [place = '', masterKey = '0'] = process.argv.slice(2);
const registry = await LocalProcess.open(await storeAt(place), real, keysFrom(Number(masterKey)));

process.on('message', (question: Question) => void reply(question));
process.once('disconnect', () => void registry.close());
tell({ ready: true });

async function reply(question: Question): Promise<void> {
  const began = Math.floor(microseconds());
  const { id } = question;
  let outcome;
  try {
    outcome = await outcomeOf(question);
  } catch (error) {
    // What is no refusal: the test ends with it.
    return tell({ id, broken: String(error) });
  }
  tell({ id, outcome, began, ended: Math.ceil(microseconds()) });
}

function outcomeOf(question: Question) {
  if (question.what === 'ask') return registry.ask(question.asked, question.token);
  return question.what === 'make-token'
    ? registry.makeToken()
    : registry.revokeToken(question.token);
}

/** `CLOCK_MONOTONIC`. */
function microseconds(): number {
  return Number(process.hrtime.bigint()) / 1000;
}

function tell(answer: Answer): void {
  process.send?.(answer);
}
