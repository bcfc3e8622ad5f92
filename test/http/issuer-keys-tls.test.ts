// Whoever can give the server the keys of the issuer can be everybody.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { Authority } from './certificates.ts';
import { Issuer } from './issuer.ts';
import { Logins } from './logins.ts';

afterEach(() => vi.unstubAllEnvs());

test('keys from a server whose certificate nobody vouches for are not used, whatever the environment says', async () => {
  const strangers = new Authority('/CN=strangers');
  const { cert, key } = strangers.issue({ subject: '/CN=issuer', hosts: 'IP:127.0.0.1' });
  const issuer = await Issuer.start();
  const tls = { cert: readFileSync(cert), key: readFileSync(key) };
  const impostor = createServer(tls, (_, response) => response.end(issuer.jwks()));
  onTestFinished(async () => {
    impostor.close();
    strangers.remove();
    await issuer.stop();
  });
  impostor.listen(0, '127.0.0.1');
  await once(impostor, 'listening');
  const { port } = impostor.address() as AddressInfo;
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  const logins = await Logins.start({ issuer, jwksUrl: `https://127.0.0.1:${port}/jwks` });
  expect(await logins.bearer(await issuer.sign())).toMatch(/^50301/);
  expect(logins.reason).toMatch(/UNABLE_TO_VERIFY|SELF_SIGNED|UNABLE_TO_GET/);
});
