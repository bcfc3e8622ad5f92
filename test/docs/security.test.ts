// docs/security.md is enough to write a reader from: what it gives as answers is what the fixtures and the code give, and
// the second implementation names its sections.
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { lineHash } from '../../src/crypto/chain.ts';
import { MasterKey } from '../../src/crypto/master-key.ts';
import { answers, bytes } from '../crypto/answers.ts';

const page = readFileSync('docs/security.md', 'utf8');

/** The blocks ```answers KIND, each as its names and values; texts are without their quotation marks. */
function blocks(kind: string): Record<string, string>[] {
  return textsOf(kind).map((block) => {
    const unfolded = block.replaceAll(/\n +/g, '');
    return Object.fromEntries(
      unfolded.split('\n').map((line) => {
        const [, name = '', value = ''] = /^(\S+) +(.+)$/.exec(line) ?? [];
        return [name, value.startsWith('"') ? (JSON.parse(value) as string) : value];
      }),
    );
  });
}

function textsOf(kind: string): string[] {
  const found = page.matchAll(new RegExp(`^\`\`\`answers ${kind}\n(.*?)\n\`\`\`$`, 'gms'));
  return [...found].map(([, block = '']) => block);
}

const [common = {}] = blocks('common');
const [trail = {}] = blocks('trail');

describe('the answers of the page are those of the fixtures', () => {
  test('keys, salt and store', () => {
    const { masterKey, kid, salt, storeId } = answers;
    expect(common).toMatchObject({ masterKey, kid, salt, storeId });
  });

  test('sealed values', () => {
    const wanted = answers.sealed.map(({ label, path, key, version, meta, plaintext, sealed }) => ({
      ...{ label: `secretreg/v1/${label}`, path, key, version: String(version), meta, plaintext },
      sealed,
    }));
    expect(blocks('sealed')).toMatchObject(wanted);
    expect(blocks('sealed')).toHaveLength(wanted.length);
  });

  test('MACs, passphrases, passwords, tokens', () => {
    expect(blocks('mac')).toEqual(answers.recordMacs);
    const passphrases = blocks('passphrase').map((it) => ({ ...it, kdf: JSON.parse(it['kdf']!) }));
    expect(passphrases).toEqual(answers.passphrases);
    expect(blocks('password')).toEqual(answers.passwords);
    expect(blocks('token')).toEqual(answers.tokens);
  });

  test('audit lines', () => {
    expect(trail).toEqual({ auditKey: answers.chain.auditKey, head: answers.chain.headHash });
    expect(textsOf('lines')[0]?.split('\n')).toEqual(answers.chain.lines);
    expect(lineHash(answers.chain.lines.at(-1)!)).toBe(trail['head']);
  });

  test('and no others', () => {
    const kinds = [...page.matchAll(/^```answers (\w+)$/gm)].map(([, kind]) => kind);
    expect([...new Set(kinds)]).toEqual(
      'common sealed mac passphrase password token trail lines'.split(' '),
    );
  });
});

test('the steps of the first answer follow from one another', () => {
  const [first = {}] = blocks('sealed');
  const key = MasterKey.fromBytes(bytes(common['masterKey']!));
  expect(key.recordMacKey.export().toString('hex')).toBe(common['recordKey']);
  const aad = bytes(first['AAD']!);
  const header = bytes(first['sealed']!).subarray(0, 54);
  const label = Buffer.from(`${first['label']}\0`);
  expect(aad.subarray(0, label.length + 54)).toEqual(Buffer.concat([label, header]));
  const info = Buffer.concat([label, Buffer.of(1), hash('sha512', aad, 'buffer')]);
  expect(info.toString('hex')).toBe(first['info']);
  const okm = key.derive(bytes(common['salt']!), info, 76).toString('hex');
  expect(okm).toBe(`${first['okm.key']}${first['okm.nonce']}${first['commitment']}`);
  expect(first['sealed']!.slice(108, 172)).toBe(first['commitment']);
});

const titles = [...page.matchAll(/^##+ (.+)$/gm)].map(([, title = '']) => title);
const between = (from: string, to: string) =>
  titles.slice(titles.indexOf(from), titles.indexOf(to)).filter((title) => title !== from);

test.each([
  ['test/crypto/java/Srg1.java', ['Notation', 'Master key', ...between('Sealed value', 'Records')]],
  [
    'test/crypto/python/read_registry.py',
    ['Notation', 'Master key', 'Descriptors', 'Place', 'Opening', 'Records', 'Audit trail'],
  ],
])('%s names the sections that it was written from, and they are there', (reader, wanted) => {
  const comments = readFileSync(reader, 'utf8').match(/^ *(?:\/\/|#) .*$/gm) ?? [];
  const named = comments.flatMap((one) => [...one.matchAll(/"([^"]+)"/g)].map(([, name]) => name));
  expect(named.filter((name) => !titles.includes(name ?? ''))).toEqual([]);
  expect(named).toEqual(expect.arrayContaining(wanted));
});
