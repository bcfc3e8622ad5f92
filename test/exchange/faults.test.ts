// What is said of a certificate for other names. Node gives these as one text, with odd ones in quotes (CVE-2021-44532).
import { expect, test } from 'vitest';
import { Unanswered } from '../../src/exchange/exchange.ts';
import { faultOf, REGISTRY } from '../../src/exchange/faults.ts';

test.each([
  ['DNS:localhost, IP Address:127.0.0.1', ', only for localhost, 127.0.0.1'],
  ['DNS:*.example.org, IP Address:0:0:0:0:0:0:0:1', ', only for *.example.org, 0:0:0:0:0:0:0:1'],
  ['DNS:a, DNS:b, DNS:c, DNS:d, DNS:e, DNS:f', ', only for a, b, c, d, e, …'],
  ['DNS:"a, DNS:b\\u001b[2J", URI:https://c, DNS:d', ', only for d'],
  ['email:bob@example.org', ''],
  [undefined, ''],
])('a certificate for %s', (subjectaltname, said) => {
  const cause = { code: 'ERR_TLS_CERT_ALTNAME_INVALID', cert: { subjectaltname } };
  const fault = faultOf(REGISTRY, new Unanswered(cause, true), new URL('https://registry.example'));
  expect(fault).toEqual({
    reason: `its certificate is not for the name 'registry.example'${said}`,
  });
});
