import fastify, { type FastifyInstance } from 'fastify';
import type { Metrics } from './metrics.ts';

/** Metrics on a port of their own, for everybody who gets there; not listening yet. */
export function createMetricsServer(metrics: Metrics): FastifyInstance {
  const app = fastify({ forceCloseConnections: true, requestTimeout: 15_000 });
  app.get('/metrics', async (_, reply) =>
    reply.type(metrics.contentType).send(await metrics.text()),
  );
  return app;
}
