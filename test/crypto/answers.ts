// fixtures/crypto/ as the tests use it.
import { readFileSync } from 'node:fs';
import type { Kdf } from '../../src/crypto/master-key.ts';
import type { SealLabel } from '../../src/crypto/seal.ts';
import type { JsonValue } from '../../src/domain/canonical-json.ts';

export interface Answers {
  masterKey: string;
  kid: string;
  salt: string;
  storeId: string;
  sealed: {
    title: string;
    label: SealLabel;
    path: string;
    key: string;
    version: number;
    meta: string;
    plaintext: string;
    sealed: string;
  }[];
  recordMacs: { recordKey: string; value: string; mac: string }[];
  passphrases: { passphrase: string; kdf: Kdf; kid: string }[];
  chain: {
    auditKey: string;
    chain: string;
    events: { [name: string]: JsonValue }[];
    lines: string[];
    headHash: string;
  };
  passwords: { password: string; salt: string; phc: string }[];
  tokens: { token: string; id: string; digest: string }[];
}

export const answers = fixture('srg1-answers.json') as Answers;

/** Hex members are bytes. */
export function bytes(hex: string): Buffer {
  return Buffer.from(hex, 'hex');
}

export function fixture(name: string): unknown {
  return JSON.parse(
    readFileSync(new URL(`../../fixtures/crypto/${name}`, import.meta.url), 'utf8'),
  );
}
