// What this process has met since it opened the registry, for operators.
import type { StoreFact } from '../store.ts';
import type { RecordLog } from './record-log.ts';
import type { Writer } from './writer.ts';

export function storeFacts(writer: Writer, log: RecordLog): StoreFact[] {
  return [
    { name: 'claims', state: 'ok', text: `${writer.lost} claims lost to other writers` },
    {
      name: 'settled',
      state: 'ok',
      text: `${writer.settled} transactions that a broker's crash had left undecided were closed`,
    },
    log.foreign === 0
      ? { name: 'foreign records', state: 'ok', text: 'no records of other programs' }
      : {
          name: 'foreign records',
          state: 'warn',
          text: `${log.foreign} records of other programs`,
        },
    log.repeated === 0
      ? { name: 'commit numbers', state: 'ok', text: 'no number was given twice' }
      : {
          name: 'commit numbers',
          state: 'fail',
          text: `${log.repeated} commits have the number of another one: two processes held the right to write at once, or another program writes transactions that look like ours`,
        },
  ];
}
