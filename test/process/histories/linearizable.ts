// Whether what several processes were answered can be put in one order: that of a single process, in which nothing comes
// before what had ended when it began. The search is that of Wing and Gong (1993) with Lowe's memory of states that were
// met before (2017). What a killed process was doing has happened at some time after it began, or never.

export interface Operation<Asked, Outcome> {
  asked: Asked;
  /** By a clock that all processes share. */
  began: number;
  /** Undefined where nobody was answered, or the answer says that it is not known. */
  answer: { ended: number; outcome: Outcome } | undefined;
}

/** What one process alone does. States are compared by their JSON. */
export type Step<State, Asked, Outcome> = (
  before: State,
  asked: Asked,
) => { state: State; outcome: Outcome };

interface Link<Asked, Outcome> {
  after: Mark<Asked, Outcome> | undefined;
}

/** An operation begins or ends there. */
interface Mark<Asked, Outcome> extends Link<Asked, Outcome> {
  number: number;
  operation: Operation<Asked, Outcome>;
  /** Where it ends; undefined at an end, and at the beginning of what was not answered. */
  end: Mark<Asked, Outcome> | undefined;
  isEnd: boolean;
  before: Link<Asked, Outcome>;
}

export function isLinearizable<State, Asked, Outcome>(
  history: readonly Operation<Asked, Outcome>[],
  initial: State,
  step: Step<State, Asked, Outcome>,
): boolean {
  const head = marksOf(history);
  let left = history.filter(({ answer }) => answer !== undefined).length;
  let state = initial;
  let done = 0n;
  const met = new Set<string>();
  const chosen: { mark: Mark<Asked, Outcome>; before: State }[] = [];
  let mark = head.after;
  while (left > 0) {
    if (mark !== undefined && !mark.isEnd) {
      const { operation, number } = mark;
      const next = step(state, operation.asked);
      const isAnswered = operation.answer !== undefined;
      const fits = !isAnswered || isEqual(operation.answer?.outcome, next.outcome);
      const after = done | (1n << BigInt(number));
      const text = `${after.toString(36)} ${JSON.stringify(next.state)}`;
      if (!fits || met.has(text)) {
        mark = mark.after;
        continue;
      }
      met.add(text);
      chosen.push({ mark, before: state });
      state = next.state;
      done = after;
      if (isAnswered) left -= 1;
      takeOut(mark);
      mark = head.after;
      continue;
    }
    // Here something ends that has not been chosen yet: the last choice was wrong.
    const last = chosen.pop();
    if (last === undefined) return false;
    state = last.before;
    done &= ~(1n << BigInt(last.mark.number));
    if (last.mark.operation.answer !== undefined) left += 1;
    putBack(last.mark);
    mark = last.mark.after;
  }
  return true;
}

/** All beginnings and ends in the order of time. At the same moment a beginning comes first. */
function marksOf<Asked, Outcome>(
  history: readonly Operation<Asked, Outcome>[],
): Link<Asked, Outcome> {
  const head: Link<Asked, Outcome> = { after: undefined };
  const marks = history.flatMap((operation, number) => {
    const { began, answer } = operation;
    const none = { number, operation, before: head, after: undefined };
    const end = answer && { ...none, isEnd: true, end: undefined };
    const beginning = { at: began, mark: { ...none, isEnd: false, end } };
    return answer === undefined || end === undefined
      ? [beginning]
      : [beginning, { at: answer.ended, mark: end }];
  });
  marks.sort((a, b) => a.at - b.at || Number(a.mark.isEnd) - Number(b.mark.isEnd));
  let last = head;
  for (const { mark } of marks as { mark: Mark<Asked, Outcome> }[]) {
    mark.before = last;
    last.after = mark;
    last = mark;
  }
  return head;
}

function takeOut<A, O>(mark: Mark<A, O>): void {
  for (const one of [mark, mark.end]) {
    if (one === undefined) continue;
    one.before.after = one.after;
    if (one.after !== undefined) one.after.before = one.before;
  }
}

/** In the order against that of taking out. */
function putBack<A, O>(mark: Mark<A, O>): void {
  for (const one of [mark.end, mark]) {
    if (one === undefined) continue;
    one.before.after = one;
    if (one.after !== undefined) one.after.before = one;
  }
}

const isEqual = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
