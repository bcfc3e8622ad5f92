import { expect, test } from 'vitest';
import { auditKeyText, parseAuditKey } from '../../src/crypto/audit-key-text.ts';
import { answers, bytes } from './answers.ts';

const { storeId, chain } = answers;
const TEXT = auditKeyText(storeId, bytes(chain.auditKey));

test('an audit key names its registry, and looks like no master key', () => {
  const encoded = bytes(chain.auditKey).toString('base64');
  expect(TEXT).toBe(`secretreg-audit-key:${storeId}:${encoded}`);
});

test.each([
  ['as it is', TEXT],
  ['with a new line', `${TEXT}\n`],
  ['with a new line of Windows', `${TEXT}\r\n`],
])('it is read from a file: %s', (_, content) => {
  const read = parseAuditKey(content);
  if (!read.ok) throw new Error(read.problem);
  expect(read.value.storeId).toBe(storeId);
  const [line] = chain.lines;
  const { mac, ...body } = JSON.parse(line!) as { mac: string };
  expect(read.value.key.mac(JSON.stringify(body))).toBe(mac);
});

const NOT_ONE = "it does not begin with 'secretreg-audit-key:'";
const SPOILT = 'it is cut off, or was changed';

test.each([
  ['nothing', '', NOT_ONE],
  ['a master key', 'base64:AAAA', NOT_ONE],
  ['one with white space before it', ` ${TEXT}`, NOT_ONE],
  ['one in capitals', TEXT.toUpperCase(), NOT_ONE],
  ['the beginning alone', 'secretreg-audit-key:', SPOILT],
  ['one that is cut off', TEXT.slice(0, -1), SPOILT],
  ['one that is longer', `${TEXT}=`, SPOILT],
  ['one with something before the registry', TEXT.replace(':0', ':00'), SPOILT],
  ['one with spare bits', TEXT.replace('=', '').replace(/.$/, '9='), SPOILT],
  ['one with another line', `${TEXT}\n\n`, SPOILT],
  ['one in base64url', TEXT.replace(/.=$/, '-='), SPOILT],
  ['one of a registry in capitals', TEXT.replace('0a0b', '0A0B'), SPOILT],
  ['one of a registry that is cut off', TEXT.replace(':00', ':0'), SPOILT],
])('%s is no audit key', (_, content, problem) => {
  expect(parseAuditKey(content)).toEqual({ ok: false, problem });
});

test('what was read prints nothing of the key', () => {
  expect(JSON.stringify(parseAuditKey(TEXT))).not.toContain(TEXT.slice(-44, -1));
});
