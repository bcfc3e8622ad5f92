// Bytes to a server, and what comes back until it ends the connection.
import { connect, type Socket } from 'node:net';

export interface RawAnswer {
  status: number;
  head: string;
  body: string;
  /** Every status, where one connection had several answers. */
  statuses: number[];
}

/** Sends the parts one after another, each once the one before is written. */
export function sendRaw(port: number, ...parts: readonly (string | Buffer)[]): Promise<RawAnswer> {
  return exchanged(port, (socket) => {
    for (const part of parts) socket.write(part);
  });
}

/** Sends them and says that nothing more comes, for a server that would wait for it. */
export function sendAll(port: number, bytes: Buffer): Promise<RawAnswer> {
  return exchanged(port, (socket) => socket.end(bytes));
}

function exchanged(port: number, send: (socket: Socket) => void): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    // A server that has closed may refuse what is still sent; what it answered before counts.
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(parsed(Buffer.concat(chunks).toString('latin1'))));
    send(socket);
  });
}

/** A request as text, `Connection: close` included. */
export function request(
  line: string,
  headers: readonly string[] = [],
  body = '',
  { host = ['Host: x'] }: { host?: readonly string[] } = {},
): string {
  const all = [...host, 'Authorization: Bearer holder', 'Connection: close', ...headers];
  return `${line} HTTP/1.1\r\n${all.map((one) => `${one}\r\n`).join('')}\r\n${body}`;
}

export function post(target: string, body: string, headers: readonly string[] = []): string {
  return request(
    `POST ${target}`,
    ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`, ...headers],
    body,
  );
}

function parsed(text: string): RawAnswer {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => Number(match[1]));
  return { status: statuses[0] ?? 0, head, body: rest.join('\r\n\r\n'), statuses };
}
