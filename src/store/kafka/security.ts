/** How a listener of a broker wants to be spoken to. */
export const PROTOCOLS = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'] as const;
export type SecurityProtocol = (typeof PROTOCOLS)[number];

export const MECHANISMS = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER'] as const;
export type Mechanism = (typeof MECHANISMS)[number];

export interface Security {
  protocol: SecurityProtocol;
  /** The SASL mechanism, where there is one. */
  mechanism?: Mechanism;
  /** Whom the broker takes us for, such as `User:app`, where that can be told. */
  principal?: string;
}
