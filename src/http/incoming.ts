// A request of Fastify as the authenticator sees it.
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { FastifyRequest } from 'fastify';
import { percentDecoded } from '../domain/percent-decoded.ts';
import type { IncomingRequest, PeerCertificate } from './caller.ts';
import { wrongUse } from './wrong-use.ts';

export function incomingRequest({ raw, id, server }: FastifyRequest): IncomingRequest {
  const { headers, socket } = raw;
  const { connections } = server;
  return {
    authorization: valuesOf(raw.rawHeaders, 'authorization'),
    peerCertificate: () => certificateOf(socket, connections.isOutdated(socket)),
    remoteAddress: socket.remoteAddress ?? '',
    userAgent: headers['user-agent'] ?? '',
    requestId: id,
  };
}

/** The connector that a worker asks for, percent-encoded since its name may be any text. Fails with wrong-use. */
export function connectorOf({ headers }: IncomingMessage): { connector?: string } {
  const header = headers['registry-connector'];
  if (header === undefined) return {};
  const name = decoded(String(header));
  if (name !== undefined && name !== '' && name.length <= LONGEST_CONNECTOR)
    return { connector: name };
  throw wrongUse(
    `the header Registry-Connector has to be the name of a connector, percent-encoded UTF-8 and at most ${LONGEST_CONNECTOR} characters`,
  );
}

/** In characters: the name stands in every audit line that the request leaves. */
const LONGEST_CONNECTOR = 1000;

function decoded(header: string): string | undefined {
  // A byte that is not ASCII was not encoded, and Node has read it as Latin-1.
  return /^[!-~]*$/.test(header) ? percentDecoded(header) : undefined;
}

/** Each value of a header that was sent: of some headers Node itself keeps only the first. */
function valuesOf(rawHeaders: readonly string[], wanted: string): string[] {
  const values: string[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2)
    if (rawHeaders[at]?.toLowerCase() === wanted) values.push(rawHeaders[at + 1] ?? '');
  return values;
}

function certificateOf(socket: unknown, isOutdated: boolean): PeerCertificate | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return undefined;
  // It was looked at when the connection was made, by authorities that may be gone.
  if (isOutdated)
    return { certificate, problem: 'the authorities have changed since it was shown' };
  if (socket.authorized) return { certificate };
  return { certificate, problem: String(socket.authorizationError ?? 'unknown') };
}
