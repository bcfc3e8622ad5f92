// The seam between the server and whatever proves who is asking.
import type { TLSSocket } from 'node:tls';
import type { Caller } from '../domain/audit-event.ts';

/** What a request says of its sender, before any of it is checked. */
export interface IncomingRequest {
  /** The values of its `Authorization` headers, as sent. A request with two is refused earlier, but count them. */
  authorization: readonly string[];
  /** What the peer of a TLS connection has shown; undefined without TLS, and where it has shown nothing. */
  peerCertificate(): PeerCertificate | undefined;
  /** The address of the connection's peer; no header changes it. */
  remoteAddress: string;
  userAgent: string;
  /** The id that the caller is told and that stands in logs. */
  requestId: string;
}

export interface PeerCertificate {
  certificate: NonNullable<ReturnType<TLSSocket['getPeerX509Certificate']>>;
  /** Why the certificate does not count, such as `CERT_HAS_EXPIRED`; undefined where our own CA vouches for it. */
  problem?: string;
}

/** Who is asking. Fails with not-authenticated, and with the codes of the store. */
export type Authenticate = (request: IncomingRequest) => Promise<Caller>;
