// The commands that hints suggest are for the registry that the command line named.
import { expect, test } from 'vitest';
import { withNamedRegistry } from '../../src/cli/named-registry.ts';
import type { SharedFlags } from '../../src/cli/settings.ts';
import { SecretregError } from '../../src/errors.ts';
import { auditTopicHint } from '../../src/store/kafka/topics.ts';

function hintOf(hint: string, flags: SharedFlags): string | undefined {
  return withNamedRegistry(new SecretregError('wrong-use', { reason: 'so' }, { hint }), flags).hint;
}

const lab = { context: 'lab' };

test('the line that makes an audit topic anew is for a shell of Kafka, and what stands behind it is prose', () => {
  const hint = auditTopicHint('b:9092', 'secretreg audit', 3);
  expect(hint).toMatch(/ {4}\(the secrets are whole; .* audit verify says so from then on\)$/);
  expect(hintOf(hint, { registry: 'kafka://b:9092/x' })).toBe(hint);
});

test.each<[string, SharedFlags, string]>([
  ['secretreg list', {}, 'secretreg list'],
  ['secretreg list', lab, 'secretreg list --context lab'],
  ['secretreg delete orders --yes', lab, 'secretreg delete orders --yes --context lab'],
  ["secretreg list 'a;b'    (so)", lab, "secretreg list 'a;b' --context lab    (so)"],
  [
    "… | secretreg access user create 'User:o'\\''neil    x' -    (so)",
    lab,
    "… | secretreg access user create 'User:o'\\''neil    x' - --context lab    (so)",
  ],
  [
    "${secret:a:pw}    (to store it: secretreg put 'a'\\''b' pw)",
    lab,
    "${secret:a:pw}    (to store it: secretreg put 'a'\\''b' pw --context lab)",
  ],
  [
    'secretreg rotate --status; secretreg rotate --new-key-id ID    (the one)',
    lab,
    'secretreg rotate --status --context lab; secretreg rotate --new-key-id ID --context lab    (the one)',
  ],
  [
    "check the name, 'orders'; where there is none: secretreg init",
    lab,
    "check the name, 'orders'; where there is none: secretreg init --context lab",
  ],
  [
    'secretreg migrate --to URL    (secretreg migrate --cancel ends it)',
    lab,
    'secretreg migrate --to URL --context lab    (secretreg migrate --cancel ends it)',
  ],
  [
    'secretreg keygen new.key && secretreg rotate --new-key-file new.key',
    lab,
    'secretreg keygen new.key && secretreg rotate --new-key-file new.key --context lab',
  ],
  ['… | secretreg put orders password -', lab, '… | secretreg put orders password - --context lab'],
  [
    '${secret:orders:pw}    (to store it: secretreg put orders pw)',
    lab,
    '${secret:orders:pw}    (to store it: secretreg put orders pw --context lab)',
  ],
  [
    "${secret:a b:pw}    (not there yet: secretreg put 'a b' pw)",
    lab,
    "${secret:a b:pw}    (not there yet: secretreg put 'a b' pw --context lab)",
  ],
  [
    'secretreg put a pw    (asks; or pipe it in: … | secretreg put a pw -)',
    lab,
    'secretreg put a pw --context lab    (asks; or pipe it in: … | secretreg put a pw - --context lab)',
  ],
  ['${secret:secretreg a:pw}', lab, '${secret:secretreg a:pw}'],
  ['secretreg list --help', lab, 'secretreg list --help'],
  ['secretreg context set NAME --registry URL', lab, 'secretreg context set NAME --registry URL'],
  ['secretreg where-used . --path orders', lab, 'secretreg where-used . --path orders'],
  [
    'secretreg list --registry file:b.db',
    { registry: 'file:a.db' },
    'secretreg list --registry file:b.db',
  ],
  ['secretreg list', { registry: 'file:a b@c.db' }, "secretreg list --registry 'file:a b@c.db'"],
  ['secretreg list', { registry: 'https://me:hunter2@a' }, "secretreg list --registry 'https:…'"],
  [
    'secretreg list',
    { registry: 'kafka://a/t?sasl.jaas.config=hunter2' },
    "secretreg list --registry 'kafka://a/t?…'",
  ],
  [
    'secretreg rotate --master-key-file OLD --new-key-file NEW',
    { masterKeyFile: 'k', workerConfig: 'w' },
    'secretreg rotate --master-key-file OLD --new-key-file NEW --worker-config w',
  ],
  ['secretreg init', { masterKeyCommand: 'echo hunter2' }, 'secretreg init --master-key-command …'],
  [
    'secretreg access grants',
    { registry: 'https://a', tokenFile: 't', caFile: 'c', clientCert: 'p', clientKey: 'q' },
    'secretreg access grants --registry https://a --token-file t --ca-file c --client-cert p --client-key q',
  ],
  [
    'secretreg access grants',
    { registry: 'http://a', insecureHttp: true },
    'secretreg access grants --registry http://a --insecure-http',
  ],
])('%s', (hint, flags, named) => expect(hintOf(hint, flags)).toBe(named));

test('what a server said is kept', () => {
  const said = new SecretregError(
    'wrong-use',
    { reason: '' },
    { text: 'said', hint: 'secretreg list' },
  );
  expect(withNamedRegistry(said, lab)).toMatchObject({
    message: 'said',
    code: 'wrong-use',
    cause: said,
  });
});

test('what has no hint stays what it is', () => {
  const error = new Error('other');
  expect(withNamedRegistry(error, lab)).toBe(error);
});
