import fc from 'fast-check';
import kafkajsCrc32c from 'kafkajs/src/protocol/recordBatch/crc32C/index.js';
import { expect, it } from 'vitest';
import { crc32c } from '../../src/store/kafka/crc32c.ts';

// RFC 3720, appendix B.4, whose bytes are those of the sum from the lowest on.
it.each([
  ['32 bytes of zeros', Buffer.alloc(32), 0x8a9136aa],
  ['32 bytes of ones', Buffer.alloc(32, 0xff), 0x62a8ab43],
  ['32 bytes that increase', Buffer.from(Array.from({ length: 32 }, (_, i) => i)), 0x46dd794e],
  ['32 bytes that decrease', Buffer.from(Array.from({ length: 32 }, (_, i) => 31 - i)), 0x113fdb5c],
  ['the digits', Buffer.from('123456789'), 0xe3069283],
  ['nothing', Buffer.alloc(0), 0],
])('the sum of %s', (_, bytes, sum) => {
  expect(crc32c(bytes)).toBe(sum);
});

it('is that of kafkajs for any bytes, whatever their length', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      expect(crc32c(bytes)).toBe(kafkajsCrc32c(Buffer.from(bytes)));
    }),
  );
});
