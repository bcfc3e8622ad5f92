// Loaded into a process (`NODE_OPTIONS=--import`): the names of its temporary files are known before it makes them.
import crypto from 'node:crypto';

const { randomBytes } = crypto;
Object.assign(crypto, {
  randomBytes: (size: number) => (size === 8 ? Buffer.alloc(8) : randomBytes(size)),
});
