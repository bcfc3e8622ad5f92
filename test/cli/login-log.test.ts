// What whoever logs in has written reaches the log of the server with escapes: it is read on terminals.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loginLog } from '../../src/cli/serve/login-log.ts';
import { createLog } from '../../src/http/log.ts';
import { certificateLogin } from '../../src/http/login/certificate.ts';
import { jwtLogin } from '../../src/http/login/jwt.ts';
import type { LoginResult } from '../../src/http/login/login.ts';
import { Metrics } from '../../src/http/metrics.ts';
import { MemoryLog, MemoryStore } from '../../src/store/memory.ts';
import { AUDIENCE, Issuer } from '../http/issuer.ts';
import { environment, init, openAs } from '../registry/fixture.ts';

const lines: string[] = [];
const log = createLog('trace', { write: (line) => void lines.push(line) });
const STEERING = '\u001b[2J\u009b31m\u007f\u202e\u2066\u2028\u2029x';
const STEERS = /(?!\n$)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

let issuer: Issuer;
let tell: ReturnType<typeof loginLog>;
beforeAll(async () => {
  issuer = await Issuer.start();
  const memory = new MemoryLog();
  const env = environment();
  await init(new MemoryStore(memory), env);
  const { core } = await openAs(new MemoryStore(memory), env);
  tell = loginLog(log, new Metrics(core));
});
afterAll(() => issuer.stop());

/** The reason in the line that a refused log-in leaves. */
function logged(result: LoginResult): string {
  if (result.ok) throw new Error('it logs in');
  const { reason } = result.problem;
  const mechanism = 'jwt';
  tell({ kind: 'refused', mechanism, reason, clientAddress: '192.0.2.1', requestId: 'r1' });
  const line = lines.at(-1) ?? '';
  expect(line).not.toMatch(STEERS);
  return (JSON.parse(line) as { reason: string }).reason;
}

const part = (it: unknown) => Buffer.from(JSON.stringify(it)).toString('base64url');

test.each([
  ['kid', { alg: 'RS256', kid: STEERING }],
  ['alg', { alg: STEERING, kid: 'RS256' }],
  ['both', { alg: STEERING, kid: STEERING }],
])('the %s of a token', async (_, header) => {
  const { url, jwksUrl } = issuer;
  const settings = {
    issuer: url,
    audiences: [AUDIENCE],
    jwksUrl: new URL(jwksUrl),
    principalClaim: 'sub',
    clockTolerance: 0,
  };
  const login = jwtLogin(
    settings,
    () => new Date(),
    () => undefined,
  );
  const token = `${part(header)}.${part({ sub: 'joe' })}.AAAA`;
  const reason = logged(await login(token));
  // Once: JSON has its own escapes for the first of them already.
  expect(reason).toContain('\\u001b[2J\\u{9b}31m\\u{7f}\\u{202e}\\u{2066}\\u{2028}\\u{2029}x');
});

test('the subject of a certificate', () => {
  const certificate = {
    subject: `CN=${STEERING}`,
    validFromDate: new Date(0),
    validToDate: new Date(8.64e15),
  };
  const peer = { certificate } as unknown as Parameters<typeof certificateLogin>[0];
  const reason = logged(certificateLogin(peer, () => undefined, new Date()));
  expect(reason).toContain('\\u{1b}[2J\\u{9b}31m');
});
