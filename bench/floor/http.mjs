// The floor of a read over HTTP: Node's own server, which answers the same bytes whatever is asked.
import { createServer } from 'node:http';

const [body] = process.argv.slice(2);
const headers = {
  'content-type': 'application/json',
  'content-length': Buffer.byteLength(body),
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-request-id': '0'.repeat(32),
  'registry-position': '1',
};

const server = createServer((request, response) => {
  response.writeHead(200, headers).end(body);
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
process.on('SIGTERM', () => process.exit(0));
