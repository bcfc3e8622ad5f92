// A registry in memory behind a server: `node rest-server.ts [PEM]`, with TLS where a file with key and certificate is
// named. Prints its address; ends with its stdin.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { MemoryLog, MemoryStore } from '../../src/store/memory.ts';
import { servedRegistry } from '../client/served.ts';

const [pem] = process.argv.slice(2);
const log = new MemoryLog();
const registry = await servedRegistry(() => new MemoryStore(log), {
  clock: () => new Date(),
  ...(pem !== undefined && {
    tls: { key: readFileSync(pem, 'utf8'), cert: readFileSync(pem, 'utf8') },
  }),
});
const { url } = await registry.serve();
console.log(url.href.replace(/\/$/, ''));
process.stdin.resume();
await once(process.stdin, 'end');
await registry.stop();
