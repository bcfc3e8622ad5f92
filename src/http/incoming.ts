// A request of Fastify as the authenticator sees it.
import { TLSSocket } from 'node:tls';
import type { FastifyRequest } from 'fastify';
import type { IncomingRequest, PeerCertificate } from './caller.ts';

export function incomingRequest({ raw, id }: FastifyRequest): IncomingRequest {
  const { headersDistinct, headers, socket } = raw;
  return {
    authorization: headersDistinct['authorization'] ?? [],
    peerCertificate: () => certificateOf(socket),
    remoteAddress: socket.remoteAddress ?? '',
    userAgent: headers['user-agent'] ?? '',
    requestId: id,
  };
}

function certificateOf(socket: unknown): PeerCertificate | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return undefined;
  if (socket.authorized) return { certificate };
  return { certificate, problem: String(socket.authorizationError ?? 'unknown') };
}
