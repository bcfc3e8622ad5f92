// The registry as a whole, and what monitoring asks for. All public routes stand in this file.
import { Type } from 'typebox';
import { SecretregError } from '../../errors.ts';
import { RegistryInfo } from '../../rest/schemas.ts';
import { type Route, route, type Services } from '../route.ts';

const Status = (status: string) =>
  Type.Object({ status: Type.Literal(status) }, { additionalProperties: false });

export const registryRoutes: readonly Route[] = [
  route({
    method: 'GET',
    url: '/registry',
    action: 'authenticated',
    operationId: 'describeRegistry',
    summary: 'Which registry this is, how far this server has read it, and how much is in it',
    schema: { answer: RegistryInfo },
    errors: [],
    handler: async (_, { describe }) => ({ body: describe() }),
  }),
  route({
    method: 'GET',
    url: '/health/live',
    action: 'public',
    operationId: 'live',
    summary: 'Whether the server answers at all',
    schema: { answer: Status('live') },
    errors: [],
    handler: async () => ({ body: { status: 'live' } }),
  }),
  route({
    method: 'GET',
    url: '/health/ready',
    action: 'public',
    operationId: 'ready',
    summary: 'Whether requests can be answered now',
    schema: { answer: Status('ready') },
    errors: ['not-ready'],
    async handler(_, { isReady }) {
      if (await asked(isReady)) return { body: { status: 'ready' } };
      throw new SecretregError('not-ready', { reason: 'it is being stopped' });
    },
  }),
  route({
    method: 'GET',
    url: '/metrics',
    action: 'authenticated',
    operationId: 'metrics',
    summary: 'Numbers of this server for Prometheus',
    schema: { answer: 'text' },
    errors: [],
    handler: async (_, { metrics }) => ({ body: await metrics() }),
  }),
  route({
    method: 'GET',
    url: '/openapi.json',
    action: 'public',
    operationId: 'openApi',
    summary: 'This API in OpenAPI 3.1',
    schema: { answer: Type.Unsafe<object>({ type: 'object' }) },
    errors: [],
    handler: async (_, { openApi }) => ({ body: await openApi() }),
  }),
];

async function asked(isReady: Services['isReady']): Promise<boolean> {
  try {
    return await isReady();
  } catch (cause) {
    throw new SecretregError('not-ready', { reason: 'its registry cannot be used now' }, { cause });
  }
}
