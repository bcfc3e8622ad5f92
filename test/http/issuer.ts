// An OpenID Connect issuer on this machine: signs tokens, and serves its public keys over HTTP as a JWKS.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type CryptoKey,
  exportJWK,
  generateKeyPair,
  type JWK,
  type JWTPayload,
  SignJWT,
} from 'jose';

export const AUDIENCE = 'secretreg';

export interface Signed {
  claims?: JWTPayload;
  /** Claims to leave out. */
  without?: readonly string[];
  header?: Record<string, unknown>;
  alg?: string;
  kid?: string;
}

interface SigningKey {
  kid: string;
  alg: string;
  privateKey: CryptoKey;
  publicJwk: JWK;
}

export class Issuer {
  /** How often the keys were fetched. */
  fetched = 0;
  /** What is answered in place of the keys. */
  answer: { status: number; body: string } | undefined;
  readonly #server: Server;
  readonly #keys = new Map<string, SigningKey>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<Issuer> {
    const server = createServer((_, response) => {
      issuer.fetched += 1;
      const { status, body } = issuer.answer ?? { status: 200, body: issuer.jwks() };
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    });
    const issuer = new Issuer(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    for (const alg of ['ES256', 'RS256', 'PS256', 'EdDSA']) await issuer.addKey(alg, alg);
    return issuer;
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  get jwksUrl(): string {
    return `${this.url}/jwks`;
  }

  jwks(): string {
    return JSON.stringify({ keys: [...this.#keys.values()].map((key) => key.publicJwk) });
  }

  publicJwk(kid: string): JWK {
    return this.#key(kid).publicJwk;
  }

  /** A new key of that name; one that was there before is gone. */
  async addKey(kid: string, alg: string): Promise<void> {
    const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
    const publicJwk = { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' };
    this.#keys.set(kid, { kid, alg, privateKey, publicJwk });
  }

  /** A token that counts for five minutes, but for what is asked for. */
  sign({
    claims = {},
    without = [],
    header = {},
    kid = 'ES256',
    alg,
  }: Signed = {}): Promise<string> {
    const key = this.#key(kid);
    const now = Math.floor(Date.now() / 1000);
    const all: JWTPayload = {
      ...{ iss: this.url, aud: AUDIENCE, sub: 'worker', iat: now, exp: now + 300 },
      ...claims,
    };
    const kept = Object.entries(all).filter(([name]) => !without.includes(name));
    return new SignJWT(Object.fromEntries(kept))
      .setProtectedHeader({ alg: alg ?? key.alg, kid, ...header })
      .sign(key.privateKey);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #key(kid: string): SigningKey {
    const key = this.#keys.get(kid);
    if (key === undefined) throw new Error(`no key ${kid}`);
    return key;
  }
}
