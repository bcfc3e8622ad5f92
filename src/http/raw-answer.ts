// Answers to what never became a request: bytes that are not HTTP, headers without end, a sender that is too slow.
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { COMMON_HEADERS } from './common-headers.ts';
import { errorAnswer } from './error-answer.ts';

export function answerRaw(
  error: Error & { code?: string },
  socket: Socket,
  requestId: string,
): void {
  // Nobody is there any more, or an answer is on its way that this one would be mixed with. One that would wait for the end of a
  // handshake is never written.
  if (
    error.code === 'ECONNRESET' ||
    !socket.writable ||
    isAnswering(socket) ||
    isShakingHands(socket)
  ) {
    socket.destroy();
    return;
  }
  const { status, body } = errorAnswer(unread(error), requestId);
  const text = JSON.stringify(body);
  const headers = {
    ...COMMON_HEADERS,
    'x-request-id': requestId,
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(text)),
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${text}`, () =>
    socket.destroy(),
  );
}

/** Where Node cannot read what a peer sent, the peer is at fault. */
function unread(error: Error & { code?: string }): Error {
  return Object.assign(new Error(error.message), {
    code: error.code ?? 'HPE_UNKNOWN',
    statusCode: 400,
  });
}

function isShakingHands(socket: Socket): boolean {
  return socket instanceof TLSSocket && socket.alpnProtocol === null;
}

/** Node keeps the response that a connection is busy with here. */
function isAnswering(socket: Socket): boolean {
  const { _httpMessage } = socket as Socket & { _httpMessage?: { headersSent: boolean } | null };
  return _httpMessage?.headersSent === true;
}
