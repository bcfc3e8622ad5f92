import { test } from 'vitest';
import { generator } from '../../random.ts';
import { registryFolder } from '../../store/sqlite-folder.ts';
import { HISTORIES, Judged, SEED } from './judged.ts';

test(`${HISTORIES} histories of processes with one file are those of one process (seed ${SEED})`, async () => {
  const random = generator(SEED);
  const judged = new Judged();
  for (let i = 0; i < HISTORIES; i += 1) {
    const { file, remove } = registryFolder();
    try {
      await judged.judge(file, random);
    } finally {
      remove();
    }
  }
  judged.tell('a file');
}, 3_600_000);
