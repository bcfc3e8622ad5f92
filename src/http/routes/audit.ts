// The audit trail as JSON lines, as long as it is: what the reader does not take is not read from the store.
import { Readable } from 'node:stream';
import { Type } from 'typebox';
import type { AuditFilter } from '../../domain/registry.ts';
import { PathName, PrincipalName } from '../../rest/schemas.ts';
import { errorAnswer } from '../error-answer.ts';
import { pathOf, principalOf, timeOf } from '../names.ts';
import { type Route, route } from '../route.ts';

export const auditRoutes: readonly Route[] = [
  route({
    method: 'GET',
    url: '/audit',
    action: 'audit',
    operationId: 'readAudit',
    summary: 'The audit trail, oldest first, one CloudEvent a line',
    schema: {
      query: Type.Object(
        {
          path: Type.Optional(PathName),
          principal: Type.Optional(PrincipalName),
          since: Type.Optional(Type.String({ format: 'date-time' })),
        },
        { additionalProperties: false },
      ),
      answer: 'lines',
    },
    errors: ['bad-path', 'bad-principal'],
    async handler({ query: { path, principal, since } }, { registry, caller }) {
      const filter: AuditFilter = {
        ...(path !== undefined && { path: pathOf(path) }),
        ...(principal !== undefined && { principal: principalOf(principal) }),
        ...(since !== undefined && { since: timeOf(since) }),
      };
      const notes: string[] = [];
      const events = registry.audit(filter, (note) => notes.push(note))[Symbol.asyncIterator]();
      // The first step asks whether the caller may: until it is done nothing is answered.
      const first = await events.next();
      return { body: Readable.from(lines(first, events, notes, caller.requestId ?? '')) };
    },
  }),
];

/** What is no event stands in lines of types of our own. The status was sent long before an error comes. */
async function* lines(
  first: IteratorResult<object>,
  events: AsyncIterator<object>,
  notes: readonly string[],
  requestId: string,
): AsyncGenerator<string> {
  try {
    for (let next = first; !next.done; next = await events.next()) yield line(next.value);
    for (const text of notes) yield line({ type: 'secretreg/note', text });
  } catch (error) {
    const { body } = errorAnswer(error, requestId);
    yield line({ type: 'secretreg/error', ...body });
  } finally {
    await events.return?.();
  }
}

function line(it: object): string {
  return `${JSON.stringify(it)}\n`;
}
