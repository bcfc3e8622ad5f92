import type { FastifySchema } from 'fastify';
import type { Route } from './route.ts';

export const openApiOptions = { openapi: { openapi: '3.1.0' } };

export function openApiSchema(route: Route): FastifySchema {
  return { operationId: route.operationId } as FastifySchema;
}
