// Files that commands write: who can read them, and what is left where writing fails.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  appendToFile,
  createSecretFile,
  makeFolderOf,
  replaceFile,
  writePublicFile,
  writeSecretFile,
} from '../../src/cli/output-file.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'secretreg-output-'));
  file = join(folder, 'resolved.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

const writers = { write: writeSecretFile, create: createSecretFile };
const mode = (of: string) => (statSync(of).mode & 0o777).toString(8);

/** Runs one of them in a process with this umask, so that the process of the tests keeps its own. */
function inProcess(
  umask: string,
  call: 'writeSecretFile' | 'createSecretFile' | 'writePublicFile',
  limit = 'unlimited',
) {
  const module = pathToFileURL('src/cli/output-file.ts').href;
  const code = `const { ${call} } = await import('${module}'); try { ${call}(process.argv[1], 'x'.repeat(Number(process.argv[2]))) } catch (error) { console.log(error.message) }`;
  const size = limit === 'unlimited' ? '9' : '5000';
  const shell = `umask ${umask}; ulimit -f ${limit}; exec "$0" --input-type=module -e "$1" "$2" "$3"`;
  const { stdout, stderr, status } = spawnSync(
    'bash',
    ['-c', shell, process.execPath, code, file, size],
    { encoding: 'utf8' },
  );
  expect([status, stderr]).toEqual([0, '']);
  return stdout;
}

describe.each(['writeSecretFile', 'createSecretFile'] as const)('%s', (call) => {
  test.each(['000', '022', '027', '077', '777'])(
    'makes a file that only its owner reads, under umask %s',
    (umask) => {
      expect(inProcess(umask, call)).toBe('');
      expect(mode(file)).toBe('600');
      expect(readFileSync(file, 'utf8')).toBe('x'.repeat(9));
      expect(readdirSync(folder)).toEqual(['resolved.json']);
    },
  );
});

test('a new file that the disk does not take is not left there in part', () => {
  expect(inProcess('000', 'createSecretFile', '1')).toContain(
    'cannot be written: it would grow beyond the size that files may have here',
  );
  expect(readdirSync(folder)).toEqual([]);
});

test.each(['write', 'create'] as const)('%s: bytes and text come out as they went in', (how) => {
  writers[how](file, '\ufeffé\u{1f511}\n');
  expect(readFileSync(file)).toEqual(Buffer.from('\ufeffé\u{1f511}\n'));
  const other = join(folder, 'other');
  writers[how](other, Uint8Array.of(0, 255, 10));
  expect(readFileSync(other)).toEqual(Buffer.of(0, 255, 10));
});

describe('writing over what is there', () => {
  test('a file that others could read becomes one that they cannot', () => {
    writeFileSync(file, 'old');
    chmodSync(file, 0o666);
    writeSecretFile(file, 'new');
    expect([readFileSync(file, 'utf8'), mode(file)]).toEqual(['new', '600']);
  });

  test('a link is replaced, and what it pointed to stays as it was', () => {
    const target = join(folder, 'target');
    writeFileSync(target, 'old', { mode: 0o644 });
    symlinkSync(target, file);
    writeSecretFile(file, 'new');
    expect(lstatSync(file).isFile()).toBe(true);
    expect([readFileSync(target, 'utf8'), mode(target)]).toEqual(['old', '644']);
  });

  test('a link to nowhere is replaced, and nothing is made there', () => {
    symlinkSync(join(folder, 'nowhere'), file);
    writeSecretFile(file, 'new');
    expect([existsSync(join(folder, 'nowhere')), readFileSync(file, 'utf8')]).toEqual([
      false,
      'new',
    ]);
  });

  test('another name of the file keeps the old content', () => {
    writeFileSync(file, 'old');
    linkSync(file, join(folder, 'second-name'));
    writeSecretFile(file, 'new');
    expect(readFileSync(join(folder, 'second-name'), 'utf8')).toBe('old');
  });

  test('where the disk takes no more the old content stays, and nothing lies beside it', () => {
    writeFileSync(file, 'old');
    expect(inProcess('000', 'writeSecretFile', '1')).toContain(
      'cannot be written: it would grow beyond the size that files may have here',
    );
    expect(readFileSync(file, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['resolved.json']);
  });
});

describe('what cannot be written', () => {
  test('a folder stays a folder', () => {
    mkdirSync(join(file, 'inside'), { recursive: true });
    expect(() => writeSecretFile(file, 'hunter2')).toThrow(
      /^'.*resolved\.json' cannot be written: it is a folder$/,
    );
    expect(readdirSync(folder)).toEqual(['resolved.json']);
  });

  test.each([
    ['a folder that is not there', 'none/file', 'there is no folder '],
    ['a file in place of a folder', 'file/below', 'a part of its path is not a folder'],
  ])('%s is told in words', (_, below, reason) => {
    writeFileSync(join(folder, 'file'), '');
    for (const write of [writeSecretFile, createSecretFile]) {
      expect(() => write(join(folder, below), 'hunter2')).toThrow(`cannot be written: ${reason}`);
    }
  });

  test('where its folder cannot be made that is told of the file', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => makeFolderOf(join(folder, 'file', 'below', 'it'))).toThrow(
      /^'.*it' cannot be written: a part of its path is not a folder$/,
    );
  });

  test('a file that is to be new is not taken where there is one, or a link, whole or dangling', () => {
    const target = join(folder, 'target');
    writeFileSync(target, 'old');
    const links = [join(folder, 'link'), join(folder, 'dangling')] as const;
    symlinkSync(target, links[0]);
    symlinkSync(join(folder, 'nowhere'), links[1]);
    for (const taken of [target, ...links]) {
      expect(() => createSecretFile(taken, 'new')).toThrow(
        'cannot be written: it is there already',
      );
    }
    expect([readFileSync(target, 'utf8'), existsSync(join(folder, 'nowhere'))]).toEqual([
      'old',
      false,
    ]);
  });
});

describe('replaceFile', () => {
  beforeEach(() => writeFileSync(file, '\uFEFFold'));

  test.each([0o600, 0o640, 0o664, 0o755])('keeps mode %o', (given) => {
    chmodSync(file, given);
    replaceFile(file, '\uFEFFold', 'new');
    expect(mode(file)).toBe(given.toString(8));
    expect(readFileSync(file, 'utf8')).toBe('new');
    expect(readdirSync(folder)).toEqual(['resolved.json']);
  });

  test('refuses a file that was changed, or is gone, since it was read', () => {
    expect(() => replaceFile(file, 'old', 'new')).toThrow('it was changed since it was read');
    expect(readFileSync(file, 'utf8')).toBe('\uFEFFold');
    rmSync(file);
    expect(() => replaceFile(file, 'old', 'new')).toThrow('there is no such file');
    expect(readdirSync(folder)).toEqual([]);
  });

  test('refuses a link, and leaves what it leads to as it is', () => {
    const link = join(folder, 'link.json');
    symlinkSync(file, link);
    expect(() => replaceFile(link, '\uFEFFold', 'new')).toThrow('it is a symbolic link');
    expect(readFileSync(file, 'utf8')).toBe('\uFEFFold');
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(['link.json', 'resolved.json']);
  });
});

describe('a file that others may read', () => {
  test('has the usual mode when it is new, and keeps its own', () => {
    expect(inProcess('027', 'writePublicFile')).toBe('');
    expect(mode(file)).toBe('640');
    chmodSync(file, 0o664);
    expect(inProcess('077', 'writePublicFile')).toBe('');
    expect([mode(file), readFileSync(file, 'utf8')]).toEqual(['664', 'x'.repeat(9)]);
    expect(readdirSync(folder)).toEqual(['resolved.json']);
  });

  test('takes the place of a link, and what that pointed to stays as it was', () => {
    const target = join(folder, 'target');
    writeFileSync(target, 'old', { mode: 0o600 });
    symlinkSync(target, file);
    expect(inProcess('022', 'writePublicFile')).toBe('');
    expect([lstatSync(file).isFile(), mode(file)]).toEqual([true, '644']);
    expect([readFileSync(target, 'utf8'), mode(target)]).toEqual(['old', '600']);
  });

  // Not /dev/stdout itself, which whoever runs the tests would lose if they failed.
  test.each(['/dev/fd/1', '/proc/self/fd/1'])(
    'takes no place of %s where stdout is a file',
    (it) => {
      const module = pathToFileURL('src/cli/output-file.ts').href;
      const code = `const { writePublicFile } = await import('${module}'); try { writePublicFile('${it}', 'x') } catch (error) { console.log(error.message) }`;
      const shell = 'exec "$0" --input-type=module -e "$1" > "$2"';
      spawnSync('bash', ['-c', shell, process.execPath, code, file]);
      expect(readFileSync(file, 'utf8')).toContain('cannot be written: it is a device or a pipe');
    },
  );

  test('takes no place of a device', () => {
    expect(() => writePublicFile('/dev/null', 'x')).toThrow(
      "'/dev/null' cannot be written: it is a device or a pipe, and would be replaced by a file; --format names what goes to stdout",
    );
  });
});

describe('appending', () => {
  test('leaves what was there, and the file itself', () => {
    writeFileSync(file, 'one\n');
    const before = statSync(file).ino;
    appendToFile(file, 'two\n');
    expect([readFileSync(file, 'utf8'), statSync(file).ino]).toEqual(['one\ntwo\n', before]);
  });

  test('makes no file, and follows no link', () => {
    expect(() => appendToFile(file, 'x')).toThrow('there is no such file or folder');
    writeFileSync(join(folder, 'target'), 'old');
    symlinkSync(join(folder, 'target'), file);
    expect(() => appendToFile(file, 'x')).toThrow('it is a symbolic link');
    expect(readFileSync(join(folder, 'target'), 'utf8')).toBe('old');
  });
});
