// The OpenAPI, from the table of routes and the table of errors.
import swagger, { type FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import fastify, { type FastifySchema } from 'fastify';
import { SecretregError } from '../errors.ts';
import { version } from '../version.ts';
import { withHeaders } from './openapi-answers.ts';
import { operationOf } from './openapi-operation.ts';
import { routes } from './routes/index.ts';

type Json = Record<string, unknown>;

const DESCRIPTION = `Errors are \`{"error_code", "message"}\`, where error_code is the HTTP status × 100 + n.

Names in a path are percent-encoded once; \`%2F\` is a slash inside a name. They are in Unicode form NFC. A trailing slash is
accepted. Bodies are JSON of at most 1 MiB, four levels deep, without unknown or repeated members.

Every answer to a caller who is logged in carries \`Registry-Position\`. A request that sends it back is answered by a server
that has read that commit, or with 50301.

\`If-Match\` and \`If-None-Match\` are refused with 40001 by every method but GET whose route does not list them.

A worker names the connector that it asks for in \`Registry-Connector\`, percent-encoded; its first 300
characters stand in the audit trail.

\`x-secretreg-action\` names the right that a route needs: one of the actions of the roles, \`own\` for what everybody may ask
about themselves, \`authenticated\` for any caller, or \`public\`.`;

/** Needs no registry: the routes are described, not run. */
export async function openApiDocument(): Promise<object> {
  const app = fastify({ exposeHeadRoutes: false });
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => () => '');
  await app.register(swagger, swaggerOptions);
  const components = new Map<string, Json>();
  for (const route of routes) {
    const { method, url } = route;
    const schema = withReferences(operationOf(route), components) as FastifySchema;
    app.route({ method, url, schema, handler: async () => undefined });
  }
  for (const [$id, schema] of components) app.addSchema({ $id, ...schema });
  await app.ready();
  return app.swagger();
}

export async function openApiBytes(): Promise<Buffer> {
  return Buffer.from(JSON.stringify(await openApiDocument()));
}

/** A schema with an `$id` stands once, under that name. */
function withReferences(value: unknown, components: Map<string, Json>): unknown {
  if (Array.isArray(value)) return value.map((one) => withReferences(one, components));
  if (typeof value !== 'object' || value === null) return value;
  const { $id, ...rest } = value as Json;
  const inner: Json = {};
  for (const [name, member] of Object.entries(rest))
    inner[DOCUMENTED[name] ?? name] = withReferences(member, components);
  if (typeof $id !== 'string') return inner;
  components.set($id, inner);
  return { $ref: `${$id}#` };
}

/** Members that are for readers only: the parsers of the domain check them, with error codes of their own. */
const DOCUMENTED: Record<string, string> = { 'x-pattern': 'pattern', 'x-maxLength': 'maxLength' };

const swaggerOptions: FastifyDynamicSwaggerOptions = {
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'secretreg',
      version,
      summary: 'A registry that keeps credentials out of Kafka Connect configurations',
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    components: {
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'A token of `POST /access/tokens`, or a JWT',
        },
        basic: { type: 'http', scheme: 'basic' },
        mutualTLS: { type: 'mutualTLS' },
      },
    },
  } as object,
  refResolver: {
    buildLocalReference: (json, _base, _fragment, index) =>
      typeof json['$id'] === 'string' ? json['$id'] : `def-${index}`,
  },
  transformObject: (made) => {
    if ('openapiObject' in made) return withHeaders(made.openapiObject);
    throw new SecretregError('ours', { reason: 'an OpenAPI of version 2 was asked for' });
  },
};
