// The audit trail as JSON lines, of any length: it is read from the store only as fast as the reader takes it. With `follow` it
// goes on until the reader or the server ends. Where nothing else comes an empty line shows that the connection is alive.
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { type Static, Type } from 'typebox';
import { AUDIT_METHODS } from '../../domain/audit-event.ts';
import type { AuditFilter } from '../../domain/registry.ts';
import { Flag, KeyName, PathName, PrincipalName } from '../../rest/schemas.ts';
import { errorAnswer } from '../error-answer.ts';
import { keyOf, pathOf, principalOf, timeOf } from '../names.ts';
import { type Route, route } from '../route.ts';
import { isSet } from './wire.ts';

const Query = Type.Object(
  {
    path: Type.Optional(PathName),
    key: Type.Optional(KeyName),
    principal: Type.Optional(PrincipalName),
    method: Type.Optional(Type.Enum([...AUDIT_METHODS], { type: 'string' })),
    since: Type.Optional(Type.String({ format: 'date-time' })),
    until: Type.Optional(Type.String({ format: 'date-time' })),
    denied: Type.Optional(Flag),
    follow: Type.Optional(Flag),
  },
  { additionalProperties: false },
);

export const auditRoutes: readonly Route[] = [
  route({
    method: 'GET',
    url: '/audit',
    action: 'audit',
    operationId: 'readAudit',
    summary: 'The audit trail, oldest first, one CloudEvent a line',
    schema: { query: Query, answer: 'lines' },
    errors: ['bad-path', 'bad-key', 'bad-principal'],
    async handler({ query, ended }, { registry, caller }) {
      const notes: string[] = [];
      const tell = (note: string) => notes.push(note);
      const begun = Promise.withResolvers<void>();
      const isFollowed = isSet(query.follow);
      const following = isFollowed ? { until: ended(), begun: begun.resolve } : undefined;
      const events = registry.audit(filterOf(query), tell, following)[Symbol.asyncIterator]();
      // The first step decides whether the caller may read the trail: nothing is answered before that.
      const first = events.next();
      await Promise.race([first, begun.promise]);
      const all = isFollowed ? withSignsOfLife(first, events) : allOf(first, events);
      return { body: Readable.from(lines(all, notes, caller.requestId ?? '')) };
    },
  }),
];

function filterOf(query: Static<typeof Query>): AuditFilter {
  const { path, key, principal, method, since, until, denied } = query;
  return {
    ...(path !== undefined && { path: pathOf(path) }),
    ...(key !== undefined && { key: keyOf(key) }),
    ...(principal !== undefined && { principal: principalOf(principal) }),
    ...(method !== undefined && { method }),
    ...(since !== undefined && { since: timeOf(since) }),
    ...(until !== undefined && { until: timeOf(until) }),
    ...(isSet(denied) && { denied: true }),
  };
}

type Step = Promise<IteratorResult<object>>;

async function* allOf(first: Step, events: AsyncIterator<object>): AsyncGenerator<object> {
  try {
    for (let next = await first; !next.done; next = await events.next()) yield next.value;
  } finally {
    await events.return?.();
  }
}

/** A third of the time after which a client gives up, and less than `idleTimeout` of the server. */
const SIGN_OF_LIFE_MS = 10_000;

/** The events, with undefined at the beginning and whenever nothing has come for a while. */
async function* withSignsOfLife(
  first: Step,
  events: AsyncIterator<object>,
): AsyncGenerator<object | undefined> {
  try {
    yield undefined;
    let coming = first;
    for (;;) {
      const next = await orSilence(coming);
      if (next?.done) return;
      yield next?.value;
      if (next !== undefined) coming = events.next();
    }
  } finally {
    // Not awaited: it waits for a step that is under way, which ends because the answer has ended.
    events.return?.().catch(() => undefined);
  }
}

async function orSilence<T>(coming: Promise<T>): Promise<T | undefined> {
  const came = new AbortController();
  const silence = wait(SIGN_OF_LIFE_MS, undefined, { signal: came.signal }).catch(() => undefined);
  try {
    return await Promise.race([coming, silence]);
  } finally {
    came.abort();
  }
}

/** Notes and errors are lines with types of our own: when an error comes, the status was sent long before. */
async function* lines(
  events: AsyncIterable<object | undefined>,
  notes: string[],
  requestId: string,
): AsyncGenerator<string> {
  try {
    for await (const event of events) {
      yield event === undefined ? '\n' : line(event);
      for (const text of event === undefined ? notes.splice(0) : []) yield note(text);
    }
    for (const text of notes) yield note(text);
  } catch (error) {
    const { body } = errorAnswer(error, requestId);
    yield line({ type: 'secretreg/error', ...body });
  }
}

function note(text: string): string {
  return line({ type: 'secretreg/note', text });
}

function line(it: object): string {
  return `${JSON.stringify(it)}\n`;
}
