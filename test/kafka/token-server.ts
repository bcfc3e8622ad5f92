// A token server and a metadata server in one, on loopback. Its tokens are unsecured JWTs (RFC 7519, 6), as the broker of
// the tests takes them.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export class TokenServer {
  /** `METHOD path`, of each request. */
  readonly requests: string[] = [];
  readonly #server: Server;
  /** What it answers instead, where it is set. */
  answer: { status: number; body?: string; location?: string } | undefined;
  lifetimeSeconds = 3600;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Lets in whoever is `app` with `hunter2`. */
  static async start(): Promise<TokenServer> {
    const server = createServer((request, response) => void self.#serve(request, response));
    const self = new TokenServer(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return self;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await once(this.#server.close(), 'close');
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, body, location } = await this.#handle(request);
    response.writeHead(status, location === undefined ? {} : { location }).end(body);
  }

  async #handle(
    request: IncomingMessage,
  ): Promise<{ status: number; body?: string; location?: string }> {
    this.requests.push(`${request.method} ${request.url}`);
    let form = '';
    for await (const chunk of request as AsyncIterable<Buffer>) form += chunk.toString();
    if (this.answer !== undefined) return this.answer;
    const allowed = `Basic ${Buffer.from('app:hunter2').toString('base64')}`;
    if (request.headers.authorization !== allowed) return { status: 401, body: 'hunter2 is wrong' };
    const token = unsecuredToken('app', this.lifetimeSeconds);
    const expires = { expires_in: this.lifetimeSeconds };
    if (request.url === '/security/1.0/authenticate' && request.method === 'GET')
      return { status: 200, body: JSON.stringify({ auth_token: token, ...expires }) };
    if (request.url === '/token' && form === 'grant_type=client_credentials&scope=secrets')
      return { status: 200, body: JSON.stringify({ access_token: token, ...expires }) };
    return { status: 404 };
  }
}

function unsecuredToken(sub: string, seconds: number): string {
  const iat = Math.floor(Date.now() / 1000);
  const part = (it: object) => Buffer.from(JSON.stringify(it)).toString('base64url');
  return `${part({ alg: 'none' })}.${part({ sub, iat, exp: iat + seconds, scope: 'secrets' })}.`;
}
