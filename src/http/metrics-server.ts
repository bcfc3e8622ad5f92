import fastify, { type FastifyInstance } from 'fastify';
import { Connections } from './connections.ts';
import type { Metrics } from './metrics.ts';
import { LIMITS } from './options.ts';

/** Metrics on a port of their own, for everybody who gets there; not listening yet. */
export function createMetricsServer(metrics: Metrics): FastifyInstance {
  const app = fastify({
    forceCloseConnections: true,
    requestTimeout: LIMITS.requestTimeout,
    connectionTimeout: LIMITS.idleTimeout,
    keepAliveTimeout: LIMITS.keepAliveTimeout,
    http: {
      headersTimeout: LIMITS.headersTimeout,
      connectionsCheckingInterval: LIMITS.checkInterval,
    },
  });
  app.server.maxConnections = LIMITS.connections;
  app.decorate('connections', new Connections(app.server));
  app.get('/metrics', async (_, reply) =>
    reply.type(metrics.contentType).send(await metrics.text()),
  );
  return app;
}
