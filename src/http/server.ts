// The registry over HTTP: Fastify with our limits, our errors, and one table of routes. The registry below decides what a
// caller may do; here a request is parsed, checked against its schema, and answered.
import { type IncomingMessage, METHODS } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { random } from '../crypto/primitives.ts';
import type { Caller } from '../domain/audit-event.ts';
import { SecretregError } from '../errors.ts';
import { type AnswerForm, refuseUnacceptable } from './accept.ts';
import { parseBody } from './body.ts';
import { Connections } from './connections.ts';
import { COMMON_HEADERS } from './common-headers.ts';
import { errorAnswer, toStranger } from './error-answer.ts';
import { connectorOf, incomingRequest } from './incoming.ts';
import { FileChecks } from './file-checks.ts';
import { largeAnswers } from './large-answers.ts';
import { largeBodies } from './large-bodies.ts';
import { openApiBytes } from './openapi.ts';
import { type Limits, LIMITS, type ServerOptions } from './options.ts';
import { answerRaw } from './raw-answer.ts';
import { refuseAmbiguous } from './refusals.ts';
import { logEnd, logFault } from './request-log.ts';
import type { Route, RouteAction } from './route.ts';
import { routes } from './routes/index.ts';
import { handlerOf } from './run-route.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Null on public routes. */
    caller: Caller | null;
  }
  interface FastifyInstance {
    connections: Connections;
  }
  interface FastifyContextConfig {
    action?: RouteAction;
    operationId?: string;
    answers?: AnswerForm;
    /** Set where a known URL was asked for with a method that it does not take: the methods that it does. */
    allowed?: string;
  }
}

/** The server, not listening yet. `close` ends it when all that was accepted is answered. */
export function createServer(options: ServerOptions): FastifyInstance {
  const limits = { ...LIMITS, ...options.limits };
  const app = fastify(fastifyOptions(options, limits)) as unknown as FastifyInstance;
  app.server.maxConnections = limits.connections;
  // Without it Node leaves out what comes after the 2,000th header; their size is limited anyway.
  app.server.maxHeadersCount = 0;
  // Node itself would answer an Expect that it does not know, without a body.
  app.server.on('checkExpectation', (request, response) =>
    app.server.emit('request', request, response),
  );
  app.decorateRequest('caller', null);
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => (body) => JSON.stringify(body));
  app.setErrorHandler(async (error, request, reply) => {
    await tellRefusal(error, request, options);
    return sendError(error, request, reply);
  });
  app.setNotFoundHandler(() => {
    throw new SecretregError('no-such-resource', {});
  });
  takeJsonOnly(app);
  addHooks(app, options, limits);
  endConnections(app, limits);
  addRoutes(app, options, limits);
  return app;
}

function fastifyOptions(options: ServerOptions, limits: Limits) {
  const { tls, logger } = options;
  const http = {
    headersTimeout: limits.headersTimeout,
    connectionsCheckingInterval: limits.checkInterval,
    // refusals.ts refuses a request without Host, in our words.
    requireHostHeader: false,
  };
  return {
    loggerInstance: logger,
    logController: new LogController({
      disableRequestLogging: true,
      requestIdLogLabel: 'requestId',
    }),
    requestIdHeader: false as const,
    genReqId: requestIdOf,
    requestTimeout: limits.requestTimeout,
    connectionTimeout: limits.idleTimeout,
    keepAliveTimeout: limits.keepAliveTimeout,
    bodyLimit: limits.body,
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle' as const,
    return503OnClosing: false,
    // A name that is too long is refused by its parser; the headers of a request end at 16 KiB.
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 16_384 },
    frameworkErrors: (error: Error, request: unknown, reply: unknown) =>
      answerUnrouted(error, request as FastifyRequest, reply as FastifyReply, options),
    clientErrorHandler: (error: Error, socket: Parameters<typeof answerRaw>[1]) =>
      answerRaw(error, socket, newRequestId()),
    ...(tls === undefined
      ? { http }
      : {
          https: {
            ...http,
            ...tls,
            // Node's own is two minutes: whoever shakes no hands would keep others out for as long.
            handshakeTimeout: limits.headersTimeout,
            minVersion: 'TLSv1.2' as const,
            requestCert: tls.ca !== undefined,
            // A certificate is one of several ways to log in: the authenticator refuses what does not count.
            rejectUnauthorized: false,
          },
        }),
  };
}

/** The id that the client has given, where it is one that can stand in a log. */
function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && /^[\w-]{1,64}$/.test(given) ? given : newRequestId();
}

function newRequestId(): string {
  return random(16).toString('hex');
}

function takeJsonOnly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<Buffer>(
    /^application\/(?:json|vnd\.[\w.-]+\+json)\s*(?:;\s*charset="?utf-8"?\s*)?$/i,
    { parseAs: 'buffer' },
    (request, bytes, done) => {
      try {
        if (!['identity', undefined].includes(request.headers['content-encoding']))
          throw new SecretregError('not-json', {});
        done(null, bytes.length === 0 ? undefined : parseBody(bytes));
      } catch (error) {
        done(error as Error);
      }
    },
  );
}

function addHooks(app: FastifyInstance, options: ServerOptions, limits: Limits): void {
  let isClosing = false;
  const takeLargeBody = largeBodies(limits.body);
  app.addHook('preClose', async () => {
    isClosing = true;
  });
  app.addHook('onRequest', async (request, reply) => {
    tellEnd(request, reply, options);
    // Reset before it was accepted: without an address nothing is done that the audit trail would have to tell.
    if (request.raw.socket.remoteAddress === undefined) {
      reply.hijack();
      request.raw.socket.destroy();
      return;
    }
    void reply.headers(headersFor(request));
    refuseAmbiguous(request.raw);
    if (request.is404) throw new SecretregError('no-such-resource', {});
    const { action, answers = 'json', allowed } = request.routeOptions.config;
    if (allowed !== undefined) throw new SecretregError('method-not-allowed', { allowed });
    refuseUnacceptable(request.headers.accept, answers);
    // These routes run no use case, which would catch up first and see what another process has taken away meanwhile.
    if (action === 'authenticated') await look(options, limits);
    if (action !== 'public') {
      request.caller = await options.authenticate(incomingRequest(request));
      // Afterwards: a connector that is no name is refused, and the audit trail has whom.
      request.caller = {
        ...request.caller,
        ...connectorOf(request.raw),
      };
    }
    takeLargeBody(request, reply);
  });
  app.addHook('onSend', ({ caller }, reply, _payload, done) => {
    // How much is written here is nothing for others.
    if (caller !== null) void reply.header('registry-position', options.position());
    if (isClosing) void reply.header('connection', 'close');
    done();
  });
}

/** Fastify itself tells nothing of a request whose client goes before it has its answer. */
function tellEnd(request: FastifyRequest, reply: FastifyReply, { metrics }: ServerOptions): void {
  const { raw } = reply;
  let isSent = false;
  raw.once('finish', () => {
    isSent = true;
  });
  raw.once('close', () => {
    const status = raw.headersSent ? reply.statusCode : CLIENT_GONE;
    logEnd(request, { status, isSent, ms: reply.elapsedTime });
    metrics?.answered({
      method: request.method,
      route: request.routeOptions.url ?? '(none)',
      status,
      seconds: reply.elapsedTime / 1000,
    });
  });
}

/** As nginx has it: no status was sent. */
const CLIENT_GONE = 499;

/**
 * Waits until what was committed elsewhere is known here, but not for a store that does not answer: monitoring goes on without
 * it.
 */
async function look({ catchUp }: ServerOptions, { lookTime }: Limits): Promise<void> {
  await Promise.race([catchUp().catch(() => undefined), wait(lookTime, undefined, { ref: false })]);
}

function headersFor({ id }: FastifyRequest): Record<string, string> {
  return { ...COMMON_HEADERS, 'x-request-id': id };
}

/** Each route of the table, and every other method on its URL, so that this is refused as a wrong method and not as unknown. */
function addRoutes(app: FastifyInstance, options: ServerOptions, limits: Limits): void {
  let document: Promise<Buffer> | undefined;
  const ofServer = {
    // Everybody may ask for it, so that it is not written anew for each of them.
    openApi: () => (document ??= openApiBytes()),
    fileChecks: new FileChecks(limits.checkTime),
    connections: app.connections,
    takeLargeAnswer: largeAnswers(),
  };
  const allowed = new Map<string, string[]>();
  for (const route of routes) {
    const { method, url, action, bodyLimit } = route;
    allowed.set(url, [...(allowed.get(url) ?? []), method]);
    app.route({
      method,
      url,
      config: { action, answers: formOf(route), operationId: route.operationId },
      ...(bodyLimit !== undefined && { bodyLimit }),
      handler: handlerOf(route, options, ofServer),
    });
  }
  const known = METHODS.filter((method) => method !== 'CONNECT');
  for (const method of known) if (!app.supportedMethods.includes(method)) app.addHttpMethod(method);
  for (const [url, methods] of allowed) {
    app.route({
      method: known.filter((method) => !methods.includes(method)),
      url,
      config: { action: 'public', allowed: methods.join(', ') },
      handler: async () => undefined,
    });
  }
}

function endConnections(app: FastifyInstance, { stopTimeout }: Limits): void {
  const connections = new Connections(app.server);
  app.decorate('connections', connections);
  app.addHook('preClose', async () => connections.end(stopTimeout));
}

function formOf({ schema: { answer } }: Route): AnswerForm {
  if (answer === 'lines') return 'lines';
  return answer === 'text' ? 'text' : 'json';
}

/**
 * Records a refusal in the audit trail. Not where the store or the server is to blame: that could not be written, or nothing is
 * known about it.
 */
async function tellRefusal(
  error: unknown,
  { caller, routeOptions, params, id }: FastifyRequest,
  { refused }: ServerOptions,
): Promise<void> {
  const { operationId } = routeOptions.config;
  const { status, code } = errorAnswer(error, id, routeOptions.bodyLimit);
  if (caller === null || operationId === undefined || status >= 500) return;
  await refused({ caller, operationId, params: params as Record<string, string>, status: code });
}

function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { bodyLimit } = request.routeOptions;
  const answer = errorAnswer(error, request.id, bodyLimit);
  const { status, body, headers } =
    request.caller === null ? toStranger(answer, request.id) : answer;
  logFault(request, error, status);
  return reply.headers(headers).code(status).type('application/json').send(JSON.stringify(body));
}

/** A target that the router cannot read gets no route, and so none of the hooks. */
function answerUnrouted(
  error: Error,
  request: FastifyRequest,
  reply: FastifyReply,
  options: ServerOptions,
): void {
  tellEnd(request, reply, options);
  void reply.headers(headersFor(request));
  void sendError(error, request, reply);
}
