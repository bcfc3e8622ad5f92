// Each way past the authenticator that is known from elsewhere is a test by its name.
import { createHook } from 'node:async_hooks';
import { createHmac } from 'node:crypto';
import { UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { random } from '../../src/crypto/primitives.ts';
import { newToken } from '../../src/crypto/tokens.ts';
import { SecretValue } from '../../src/domain/secret-value.ts';
import { Issuer, type Signed } from './issuer.ts';
import { basicHeader, Logins, user } from './logins.ts';

const PASSWORD = 'correct horse battery';
const NONE =
  '40101 no credentials that count: there should be one Authorization header, with Bearer or Basic, or a client certificate';
const TOKEN = '40101 no credentials that count: the token is unknown, has expired, or was revoked';
const BASIC = '40101 no credentials that count: user or password is wrong';
const JWT = '40101 no credentials that count: the JWT is not accepted';

describe('the Authorization header', () => {
  let logins: Logins;
  let token: string;
  beforeAll(async () => {
    logins = await Logins.start();
    ({ token } = await logins.token());
  });

  test('a good token is its owner', async () => {
    expect(await logins.bearer(token)).toBe('User:alice');
  });

  test.each(['Bearer', 'bearer', 'BEARER', 'bEaReR'])('the scheme counts as %s', async (scheme) => {
    expect(await logins.as({ authorization: [`${scheme}  ${token}`] })).toBe('User:alice');
  });

  test.each([
    ['no header', () => []],
    ['an empty header', () => ['']],
    ['a bearer without a token', () => ['Bearer']],
    ['an empty bearer', () => ['Bearer ']],
    ['a token without a scheme', () => [token]],
    ['a token behind a tab', () => [`Bearer\t${token}`]],
    ['a token with something behind it', () => [`Bearer ${token} x`]],
    ['a token and another one, with a comma', () => [`Bearer ${token}, Bearer ${token}`]],
    ['a scheme of somebody else', () => [`Negotiate ${token}`]],
    ['a scheme that only begins so', () => [`BearerX ${token}`]],
    ['a token with a line end', () => [`Bearer ${token}\r\nX: y`]],
    ['two headers with the same good token', () => [`Bearer ${token}`, `Bearer ${token}`]],
    ['a good token and an empty header', () => [`Bearer ${token}`, '']],
    ['a good token and a password', () => [`Bearer ${token}`, basicHeader('alice', PASSWORD)]],
  ])('%s is refused', async (_, authorization) => {
    expect(await logins.as({ authorization: authorization() })).toBe(NONE);
  });
});

describe('tokens', () => {
  let logins: Logins;
  let good: { id: string; token: string };
  beforeEach(async () => {
    logins = await Logins.start();
    good = await logins.token();
  });

  test('srt_ with a wrong secret', async () => {
    const { token: other } = newToken(random);
    const forged = `srt_${good.id}_${other.slice(-43)}`;
    expect(await logins.bearer(forged)).toBe(TOKEN);
    expect(logins.reason).toBe(`token: the secret of token ${good.id} is wrong`);
  });

  test('srt_ with a right secret and another case or form', async () => {
    for (const text of [
      good.token.toUpperCase(),
      good.token.toLowerCase(),
      good.token.replace(good.id, good.id.toUpperCase()),
      good.token.slice(0, -1),
      `${good.token}=`,
      `${good.token}A`,
    ]) {
      // An id of digits alone is the same in capitals.
      if (text !== good.token) expect(await logins.bearer(text)).not.toBe('User:alice');
    }
  });

  test('an expired token, to the millisecond', async () => {
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const { id, token } = await logins.token(expiresAt);
    logins.later(3590);
    expect(await logins.bearer(token)).toBe('User:alice');
    logins.later(10);
    expect(await logins.bearer(token)).toBe(TOKEN);
    expect(logins.reason).toBe(`token: token ${id} expired at ${expiresAt}`);
  });

  test('a revoked token', async () => {
    await logins.access.revokeToken(good.id);
    expect(await logins.bearer(good.token)).toBe(TOKEN);
    expect(logins.reason).toContain('it was revoked, or is of another registry');
  });

  test('a token of a user who was removed', async () => {
    await logins.access.deleteUser(user('alice'));
    expect(await logins.bearer(good.token)).toBe(TOKEN);
  });

  test('a token of another registry', async () => {
    const { token } = await (await Logins.start()).token();
    expect(await logins.bearer(token)).toBe(TOKEN);
  });

  test.each(['srt_', 'srt___proto__', 'srt_constructor_x', 'srt_eyJhbGciOiJub25lIn0.e30.'])(
    '%s is taken for a token, and for no JWT',
    async (text) => {
      expect(await logins.bearer(text)).toBe(TOKEN);
      expect(logins.reason).toContain('does not have the form of a token');
    },
  );

  test('what is refused stands in the audit trail with its token, and without its text', async () => {
    const forged = `srt_${good.id}_${newToken(random).token.slice(-43)}`;
    await logins.bearer(forged);
    const [event] = await logins.audited();
    expect(event).toMatchObject({
      authenticationInfo: {
        principal: 'User:alice',
        credentials: { mechanism: 'token', id: good.id },
      },
      authorizationInfo: { granted: false },
      request: { clientAddress: '192.0.2.1', requestId: 'request-1', userAgent: 'test' },
      result: { status: 'not-authenticated', count: 1 },
    });
    expect(JSON.stringify([event, logins.told])).not.toContain(forged.slice(-43));
  });
});

describe('passwords', () => {
  let logins: Logins;
  beforeEach(async () => {
    logins = await Logins.start();
    await logins.password('alice', PASSWORD);
  });

  test('the right one is its user, and the next time without a derivation', async () => {
    expect(await logins.basic('alice', PASSWORD)).toBe('User:alice');
    expect(await derivations(() => logins.basic('alice', PASSWORD))).toBe(0);
    logins.later(60);
    expect(await derivations(() => logins.basic('alice', PASSWORD))).toBe(1);
  });

  test('a wrong password, and the password of another user', async () => {
    await logins.password('bob', `${PASSWORD} of bob`);
    expect(await logins.basic('bob', `${PASSWORD} of bob`)).toBe('User:bob');
    expect(await logins.basic('alice', `${PASSWORD} of bob`)).toBe(BASIC);
    expect(await logins.basic('bob', PASSWORD)).toBe(BASIC);
    expect(logins.reason).toBe('basic: the password of User:bob is wrong');
  });

  test('an unknown user costs a derivation as a known one does, and has no name in the audit trail', async () => {
    expect(await derivations(() => logins.basic('mallory', PASSWORD))).toBe(1);
    expect(await derivations(() => logins.basic('alice', 'wrong password'))).toBe(1);
    expect(await logins.basic('mallory', PASSWORD)).toBe(BASIC);
    const [event] = await logins.audited();
    expect(event?.authenticationInfo).toMatchObject({ principal: 'User:ANONYMOUS' });
  });

  test('a user without a password', async () => {
    await logins.access.createUser(user('machine'));
    expect(await logins.basic('machine', 'undefined')).toBe(BASIC);
    expect(await derivations(() => logins.basic('machine', ''))).toBe(0);
  });

  test.each([
    ['an empty password', 'alice', ''],
    ['an empty user', '', PASSWORD],
    ['a user with NUL', 'alice\0', PASSWORD],
    ['a user with a line end', 'alice\n', PASSWORD],
    ['a user with a blank behind it', 'alice ', PASSWORD],
    ['a user in another Unicode form', 'alic\u0065\u0301', PASSWORD],
    ['a user with an override of direction', '\u202ealice', PASSWORD],
  ])('%s is refused without a derivation', async (_, name, password) => {
    expect(await derivations(() => logins.basic(name, password))).toBe(0);
    expect(await logins.basic(name, password)).toBe(BASIC);
  });

  test('a user with a colon is the part before it', async () => {
    await logins.password('a', `b:${PASSWORD}`);
    expect(await logins.basic('a:b', PASSWORD)).toBe('User:a');
  });

  test('a name in another case is another user', async () => {
    expect(await logins.basic('Alice', PASSWORD)).toBe(BASIC);
  });

  test.each([
    ['no base64', '!!!!', NONE],
    ['base64 with spare bits', 'YWxpY2U6eB==', BASIC],
    ['base64url', Buffer.from('alice:\u00ff\u00fe??>').toString('base64url'), NONE],
    ['no colon', Buffer.from('alice').toString('base64'), BASIC],
    ['bytes that are no UTF-8', Buffer.from([0x61, 0x3a, 0xff, 0x61]).toString('base64'), BASIC],
  ])('%s is refused', async (_, text, answer) => {
    expect([answer, BASIC]).toContain(await logins.as({ authorization: [`Basic ${text}`] }));
  });

  test('what is remembered is not used after a change of the password', async () => {
    expect(await logins.basic('alice', PASSWORD)).toBe('User:alice');
    await logins.access.setPassword(user('alice'), SecretValue.of('another password'));
    expect(await logins.basic('alice', PASSWORD)).toBe(BASIC);
    expect(await logins.basic('alice', 'another password')).toBe('User:alice');
    await logins.access.setPassword(user('alice'), SecretValue.of(PASSWORD));
    expect(await derivations(() => logins.basic('alice', PASSWORD))).toBe(1);
  });

  test('what is remembered is not used after the user was removed, or made anew', async () => {
    expect(await logins.basic('alice', PASSWORD)).toBe('User:alice');
    await logins.access.deleteUser(user('alice'));
    expect(await logins.basic('alice', PASSWORD)).toBe(BASIC);
    await logins.password('alice', 'a newer password');
    expect(await logins.basic('alice', PASSWORD)).toBe(BASIC);
  });

  test('what is remembered by one process means nothing to another', async () => {
    await logins.basic('alice', PASSWORD);
    const other = await Logins.start();
    expect(await other.basic('alice', PASSWORD)).toBe(BASIC);
  });

  test('many log-ins at once with one password cost one derivation', async () => {
    const all = () =>
      Promise.all(Array.from({ length: 40 }, () => logins.basic('alice', PASSWORD)));
    expect(await derivations(all)).toBe(1);
    expect(new Set(await all())).toEqual(new Set(['User:alice']));
  });
});

describe('guesses', () => {
  const TOO_MANY =
    '42901 too many requests: 10 log-ins of this user from this address failed within a minute';

  test('ten a minute of one user from one address, then none is verified, be it right', async () => {
    const logins = await Logins.start();
    await logins.password('alice', PASSWORD);
    expect(await logins.basic('alice', PASSWORD)).toBe('User:alice');
    // Also where they come at once.
    const guesses = await Promise.all(
      Array.from({ length: 15 }, (_, i) => logins.basic('alice', `guess number ${i}`)),
    );
    expect(guesses.filter((answer) => answer === BASIC)).toHaveLength(10);
    expect(guesses.filter((answer) => answer === TOO_MANY)).toHaveLength(5);
    expect(await derivations(() => logins.basic('alice', PASSWORD))).toBe(0);
    expect(await logins.basic('alice', PASSWORD)).toBe(TOO_MANY);
    expect(await logins.basic('alice', PASSWORD, '192.0.2.2')).toBe('User:alice');
    logins.later(60);
    expect(await logins.basic('alice', PASSWORD)).toBe('User:alice');
  });

  test('a right password takes none of the ten', async () => {
    const logins = await Logins.start();
    await logins.password('alice', PASSWORD);
    for (let i = 0; i < 11; i += 1) {
      expect(await logins.basic('alice', PASSWORD)).toBe('User:alice');
      logins.later(5);
    }
  });

  test('two are verified at a time', async () => {
    const logins = await Logins.start();
    const [running, done] = [new Set<number>(), new Set<number>()];
    let most = 0;
    const hook = createHook({
      init(id, type) {
        if (type !== 'SCRYPTREQUEST') return;
        running.add(id);
        most = Math.max(most, running.size);
      },
      before: (id) => void (running.delete(id) && done.add(id)),
    });
    hook.enable();
    await Promise.all(Array.from({ length: 5 }, (_, i) => logins.basic(`user${i}`, PASSWORD)));
    hook.disable();
    expect([most, done.size]).toEqual([2, 5]);
  });

  test('the audit trail has the first at once, and of those after it their count', async () => {
    const logins = await Logins.start({ countingMs: 3_600_000 });
    const { id } = await logins.token();
    const forged = () => `srt_${id}_${newToken(random).token.slice(-43)}`;
    for (let i = 0; i < 100; i += 1) await logins.bearer(forged());
    expect((await logins.audited()).map(({ result }) => result.count)).toEqual([1]);
    await logins.authentication.close();
    expect((await logins.audited()).map(({ result }) => result.count)).toEqual([1, 99]);
  });

  test('from a thousand addresses they share one count', async () => {
    const logins = await Logins.start({ countingMs: 3_600_000 });
    for (let i = 0; i < 1100; i += 1) await logins.as({ remoteAddress: `192.0.2.${i}` });
    await logins.authentication.close();
    const audited = await logins.audited();
    expect(audited).toHaveLength(1002);
    const counts = audited.map(({ result }) => result.count ?? 0);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1100);
    expect(audited.at(-1)?.request.clientAddress).toBe('several addresses');
  });
});

describe('JWTs', () => {
  let issuer: Issuer;
  let logins: Logins;
  beforeAll(async () => {
    issuer = await Issuer.start();
  });
  beforeEach(async () => {
    issuer.answer = undefined;
    logins = await Logins.start({ issuer });
  });
  afterAll(() => issuer.stop());

  const seconds = (ahead: number) => Math.floor(Date.now() / 1000) + ahead;

  test.each(['ES256', 'RS256', 'PS256', 'EdDSA'])('a good one with %s', async (kid) => {
    expect(await logins.bearer(await issuer.sign({ kid }))).toBe('User:worker');
  });

  test('it ends with its exp, and the tolerance', async () => {
    const token = await issuer.sign({ claims: { exp: seconds(100) } });
    const { credential } = await logins.authentication.authenticate({
      ...{ authorization: [`Bearer ${token}`], peerCertificate: () => undefined },
      ...{ remoteAddress: '::1', userAgent: '', requestId: '' },
    });
    expect(credential).toMatchObject({ mechanism: 'jwt' });
    logins.later(120);
    expect(await logins.bearer(token)).toBe('User:worker');
    logins.later(20);
    expect(await logins.bearer(token)).toBe(JWT);
  });

  const refusedOnes: [string, Signed, RegExp][] = [
    [
      'an issuer of somebody else',
      { claims: { iss: 'https://evil.example' } },
      /its issuer is "https:\/\/evil\.example", where http:/,
    ],
    ['no issuer', { without: ['iss'] }, /no claim 'iss'/],
    [
      'an audience of somebody else',
      { claims: { aud: 'other' } },
      /its audience is "other", where secretreg was expected/,
    ],
    [
      'a list of audiences of others',
      { claims: { aud: ['a', 'b'] } },
      /its audience is \["a","b"\]/,
    ],
    ['no audience', { without: ['aud'] }, /no claim 'aud'/],
    ['no exp', { without: ['exp'] }, /no claim 'exp'/],
    [
      'an exp that is a text',
      { claims: { exp: '9999999999' as never } },
      /claim 'exp' is not of the right type/,
    ],
    ['an exp beyond every date', { claims: { exp: 1e300 } }, /claim 'exp' is no time/],
    ['no sub', { without: ['sub'] }, /no claim 'sub'/],
    ['an empty sub', { claims: { sub: '' } }, /claim 'sub' is no text/],
    ['a sub that is a list', { claims: { sub: ['worker'] as never } }, /claim 'sub' is no text/],
    [
      'a sub with a control character',
      { claims: { sub: 'a\0b' } },
      /makes no principal: it has a name that holds a control character/,
    ],
    ['a sub with blanks around it', { claims: { sub: ' worker' } }, /makes no principal/],
    [
      'expired beyond the tolerance',
      { claims: { exp: seconds(-40) } },
      /it expired at .+; the clock here says .+, and 30 s of difference are allowed/,
    ],
    [
      'not yet valid beyond the tolerance, as with a clock that is wrong',
      { claims: { nbf: seconds(300) } },
      /it counts from .+ only; the clock here says/,
    ],
    [
      'a critical header that nobody knows',
      { header: { crit: ['x'], x: 1 } },
      /its header asks for something that is not supported/,
    ],
    [
      'a kid of nobody',
      { header: { kid: 'nobody' } },
      /no key for its kid "nobody" and its alg "ES256"/,
    ],
    [
      'a kid of another key',
      { header: { kid: 'RS256' } },
      /no key for its kid "RS256" and its alg "ES256"/,
    ],
  ];

  test.each(refusedOnes)('%s', async (_, signed, reason) => {
    const token = await issuer.sign(signed).catch(() => undefined);
    const made = token ?? (await unsignable(issuer, signed));
    expect(await logins.bearer(made)).toBe(JWT);
    expect(logins.reason).toMatch(reason);
  });

  test('within the tolerance of thirty seconds', async () => {
    expect(await logins.bearer(await issuer.sign({ claims: { exp: seconds(-20) } }))).toBe(
      'User:worker',
    );
    expect(await logins.bearer(await issuer.sign({ claims: { nbf: seconds(20) } }))).toBe(
      'User:worker',
    );
  });

  test('alg none, in each way to write it', async () => {
    const unsecured = new UnsecuredJWT({
      iss: issuer.url,
      aud: 'secretreg',
      sub: 'worker',
      exp: seconds(300),
    }).encode();
    expect(await logins.bearer(unsecured)).toBe(JWT);
    expect(logins.reason).toContain(
      'it is signed with "none", which is none of RS256, ES256, PS256, EdDSA',
    );
    const [, payload, signature] = (await issuer.sign()).split('.');
    for (const alg of ['none', 'None', 'NONE', 'nOnE', '', 'HS256', 'RS512', 'ES256K', 'toString'])
      for (const end of ['', signature]) {
        expect(await logins.bearer(`${encode({ alg, kid: 'ES256' })}.${payload}.${end}`)).not.toBe(
          'User:worker',
        );
      }
    for (const header of [{}, { alg: null }, { alg: ['ES256'] }, { alg: { x: 1 } }])
      expect(await logins.bearer(`${encode(header)}.${payload}.${signature}`)).toBe(JWT);
  });

  test('HS256 with the public key as the secret', async () => {
    const { publicJwk } = { publicJwk: issuer.publicJwk('RS256') };
    const claims = encode({ iss: issuer.url, aud: 'secretreg', sub: 'worker', exp: seconds(300) });
    for (const secret of [JSON.stringify(publicJwk), publicJwk.n ?? '', issuer.jwks()]) {
      const signed = `${encode({ alg: 'HS256', kid: 'RS256' })}.${claims}`;
      const mac = createHmac('sha256', secret).update(signed).digest('base64url');
      expect(await logins.bearer(`${signed}.${mac}`)).toBe(JWT);
      expect(logins.reason).toContain('it is signed with "HS256"');
    }
  });

  test('a key that the token brings along, or names a place of', async () => {
    const stranger = await Issuer.start();
    try {
      for (const header of [
        { jwk: stranger.publicJwk('ES256') },
        { jku: stranger.jwksUrl },
        { x5u: stranger.jwksUrl },
        { x5c: ['MIIB'] },
      ]) {
        const claims = { iss: issuer.url };
        expect(await logins.bearer(await stranger.sign({ claims, header }))).toBe(JWT);
        expect(logins.reason).toBe('jwt: its signature is not that of the issuer');
      }
      expect(stranger.fetched).toBe(0);
    } finally {
      await stranger.stop();
    }
  });

  test('claims or header changed after it was signed', async () => {
    const [header = '', payload = '', signature = ''] = (await issuer.sign()).split('.');
    const changed = encode({ ...JSON.parse(decode(payload)), sub: 'admin' });
    expect(await logins.bearer(`${header}.${changed}.${signature}`)).toBe(JWT);
    expect(await logins.bearer(`${encode({ alg: 'ES256' })}.${payload}.${signature}`)).toBe(JWT);
    expect(await logins.bearer(`${header}.${payload}.`)).toBe(JWT);
    expect(await logins.bearer(`${header}.${payload}`)).toBe(JWT);
    expect(await logins.bearer(`${header}.${payload}.${signature}.${signature}`)).toBe(JWT);
    expect(await logins.bearer(`${header}.${payload}.${'A'.repeat(86)}`)).toBe(JWT);
  });

  test('a JWT inside a JWT, and one with a payload that is not encoded', async () => {
    const inner = await issuer.sign();
    const nested = await issuer.sign({ header: { cty: 'JWT' } });
    const [header] = nested.split('.');
    expect(await logins.bearer(`${header}.${Buffer.from(inner).toString('base64url')}.AAAA`)).toBe(
      JWT,
    );
    const b64 = encode({ alg: 'ES256', kid: 'ES256', b64: false, crit: ['b64'] });
    const [, payload, signature] = inner.split('.');
    expect(await logins.bearer(`${b64}.${payload}.${signature}`)).toBe(JWT);
  });

  test('the keys of the issuer swapped: the old ones count no more once they are fetched again', async () => {
    const before = await issuer.sign({ kid: 'EdDSA' });
    expect(await logins.bearer(before)).toBe('User:worker');
    await issuer.addKey('EdDSA', 'EdDSA');
    const later = await Logins.start({ issuer });
    expect(await later.bearer(before)).toBe(JWT);
    expect(later.reason).toBe('jwt: its signature is not that of the issuer');
    expect(await later.bearer(await issuer.sign({ kid: 'EdDSA' }))).toBe('User:worker');
  });

  test('a hundred kids of nobody make one fetch', async () => {
    const before = issuer.fetched;
    for (let i = 0; i < 100; i += 1)
      await logins.bearer(await issuer.sign({ header: { kid: `${i}` } }));
    expect(issuer.fetched - before).toBe(1);
  });

  test('keys that cannot be had: not ready, and no refusal; asked for again a moment later', async () => {
    const token = await issuer.sign();
    const away = '50301 the server is not ready: the keys of the OIDC issuer cannot be fetched';
    for (const answer of [
      { status: 500, body: '' },
      { status: 302, body: '' },
      { status: 200, body: 'no json' },
      { status: 200, body: '{"keys": 1}' },
    ]) {
      issuer.answer = answer;
      expect(await logins.bearer(token)).toBe(away);
      const before = issuer.fetched;
      expect(await logins.bearer(token)).toBe(away);
      expect(issuer.fetched).toBe(before);
      logins.later(5);
    }
    issuer.answer = undefined;
    expect(await logins.bearer(token)).toBe('User:worker');
    const nobody = await Logins.start({ issuer, jwksUrl: 'http://127.0.0.1:1/' });
    expect(await nobody.bearer(token)).toBe(away);
    expect(nobody.reason).toContain(
      'the keys of the issuer cannot be had from http://127.0.0.1:1/',
    );
  });

  test('without an issuer none counts', async () => {
    const plain = await Logins.start();
    expect(await plain.bearer(await issuer.sign())).toBe(TOKEN);
  });

  test('a claim of the issuer that is not the sub', async () => {
    const token = await issuer.sign({ claims: { sub: 'User:admin' } });
    expect(await logins.bearer(token)).toBe('User:User:admin');
  });
});

/** How many derivations with scrypt Node was asked for meanwhile. */
async function derivations(work: () => Promise<unknown>): Promise<number> {
  let count = 0;
  const hook = createHook({ init: (_, type) => void (count += type === 'SCRYPTREQUEST' ? 1 : 0) });
  hook.enable();
  await work();
  hook.disable();
  return count;
}

/** What jose itself refuses to sign. */
async function unsignable(issuer: Issuer, { header }: Signed): Promise<string> {
  const [, payload, signature] = (await issuer.sign()).split('.');
  return `${encode({ alg: 'ES256', kid: 'ES256', ...header })}.${payload}.${signature}`;
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function decode(text: string): string {
  return Buffer.from(text, 'base64url').toString();
}
