import { masterKeyText } from '../../crypto/master-key.ts';
import type { Define } from '../command.ts';
import { withExamples } from '../examples.ts';
import { note, print } from '../io.ts';
import { createSecretFile } from '../output-file.ts';
import { random } from '../../crypto/primitives.ts';

export const define: Define = (program, { io }) => {
  const command = program
    .command('keygen')
    .description('make a master key')
    .argument('[file]', 'where to write it, mode 0600; without it the key is printed');
  withExamples(command, 'secretreg keygen new.key');
  command.action(async (file: string | undefined) => {
    const text = `${masterKeyText(random(32))}\n`;
    if (file === undefined) return print(io, text);
    createSecretFile(file, text);
    note(io, `wrote a new master key to ${file}; back it up: without it the secrets are lost`);
  });
};
