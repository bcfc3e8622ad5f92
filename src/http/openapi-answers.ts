// Headers of answers in the OpenAPI, and the answers that most routes have in common.
type Json = Record<string, unknown>;

/** Adds the headers of every answer, those of its status, and the route's own. */
export function withHeaders<D extends object>(document: D): D {
  const { components, paths } = document as { components: Json; paths: Record<string, Json> };
  components['headers'] = Object.fromEntries(
    Object.entries(HEADERS).map(([name, description]) => [
      name,
      { description, schema: { type: 'string' } },
    ]),
  );
  const responsesOfAll: Json = {};
  components['responses'] = responsesOfAll;
  for (const operation of Object.values(paths).flatMap(Object.values)) {
    const { responses, 'x-headers': own = [] } = operation as {
      responses: Record<string, Json>;
      'x-headers'?: readonly string[];
    };
    delete (operation as Json)['x-headers'];
    for (const [status, response] of Object.entries(responses)) {
      const names = [...OF_ALL, ...(OF_STATUS[status] ?? []), ...(status < '300' ? own : [])];
      response['headers'] = Object.fromEntries(
        names.map((name) => [name, { $ref: `#/components/headers/${name}` }]),
      );
      if (status >= '400') responses[status] = shared(`Error${status}`, response, responsesOfAll);
    }
  }
  return document;
}

/** Most routes describe most errors in the same way: such an answer stands once. */
function shared(name: string, response: Json, all: Json): Json {
  all[name] ??= response;
  const isSame = JSON.stringify(all[name]) === JSON.stringify(response);
  return isSame ? { $ref: `#/components/responses/${name}` } : response;
}

const HEADERS: Record<string, string> = {
  'X-Request-Id': 'The id of the request, as it stands in the log and the audit trail',
  'Registry-Position':
    'The number of the newest commit that the server knew, for a caller who is logged in',
  'WWW-Authenticate': 'How to log in',
  'Retry-After': 'Seconds to wait',
  ETag: 'The version, for If-Match',
  Location: 'Where the written version is',
};
const OF_ALL = ['X-Request-Id', 'Registry-Position'];
const OF_STATUS: Record<string, readonly string[]> = {
  '401': ['WWW-Authenticate'],
  '429': ['Retry-After'],
  '503': ['Retry-After'],
};
