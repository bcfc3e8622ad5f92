// Certificates of clients, shown in real TLS connections, and the rules that make principals of their subjects.
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PeerCertificate } from '../../src/http/caller.ts';
import { parsePrincipalRules } from '../../src/http/login/principal-rules.ts';
import { subjectOf } from '../../src/http/login/subject.ts';
import { Authority, type Pair, type Wanted } from './certificates.ts';
import { Logins } from './logins.ts';

const REFUSED = '40101 no credentials that count: the client certificate is not accepted';
const NOTHING = /^40101 .* there should be one Authorization header/;
const RULES = String.raw`RULE:^CN=([^,]+),OU=workers,O=Example$/$1/L,RULE:^CN=boss,O=Example$/admin/`;

let own: Authority;
let strangers: Authority;
let alone: Authority;
beforeAll(() => {
  own = new Authority();
  strangers = new Authority('/CN=an authority that nobody trusts');
  alone = new Authority('/O=Example/OU=workers/CN=worker-1');
});
afterAll(() => {
  for (const one of [own, strangers, alone]) one.remove();
});

describe('a certificate of the client', () => {
  let logins: Logins;
  let token: string;
  let server: Server;
  beforeAll(async () => {
    logins = await Logins.start({ certificates: rules(RULES) });
    ({ token } = await logins.token());
    const { cert, key } = own.issue({ subject: '/CN=server', hosts: 'IP:127.0.0.1' });
    server = createServer(
      {
        ...{ cert: readFileSync(cert), key: readFileSync(key), ca: readFileSync(own.certificate) },
        ...{ requestCert: true, rejectUnauthorized: false },
      },
      (incoming, response) => {
        const authorization = incoming.headersDistinct['authorization'] ?? [];
        const peerCertificate = () => peerOf(incoming.socket as TLSSocket);
        void logins.as({ authorization, peerCertificate }).then((answer) => response.end(answer));
      },
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => server.close());

  async function ask(shown?: Pair, authorization?: string): Promise<string> {
    const asking = request({
      ...{ host: '127.0.0.1', port: (server.address() as AddressInfo).port, agent: false },
      ca: readFileSync(own.certificate),
      ...(shown && { cert: readFileSync(shown.cert), key: readFileSync(shown.key) }),
      ...(authorization !== undefined && { headers: { authorization } }),
    });
    asking.end();
    const [response] = await once(asking, 'response');
    return text(response);
  }

  const worker: Wanted = { subject: '/O=Example/OU=workers/CN=Worker-1' };

  test('under our own authority it is the principal that the rules make of its subject', async () => {
    expect(await ask(own.issue(worker))).toBe('User:worker-1');
    expect(await ask(own.issue({ subject: '/O=Example/CN=boss' }))).toBe('User:admin');
    expect(await ask(own.issue({ ...worker, usage: 'clientAuth' }))).toBe('User:worker-1');
  });

  test('without one, and without a header, nobody is asking', async () => {
    expect(await ask()).toMatch(NOTHING);
  });

  test.each([
    ['of a foreign authority', () => strangers.issue(worker), 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['that it signed itself', selfSigned, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['that has expired', () => own.issue({ ...worker, when: 'past' }), 'CERT_HAS_EXPIRED'],
    ['of a time to come', () => own.issue({ ...worker, when: 'future' }), 'CERT_NOT_YET_VALID'],
    ['that is for servers', () => own.issue({ ...worker, usage: 'serverAuth' }), 'INVALID_PURPOSE'],
  ])('one %s is refused, beside a good token too', async (_, made, problem) => {
    const pair = made();
    expect(await ask(pair)).toBe(REFUSED);
    expect(logins.reason).toBe(`mtls: the client certificate does not count: ${problem}`);
    expect(await ask(pair, `Bearer ${token}`)).toBe(REFUSED);
  });

  test.each([
    ['whose subject no rule fits', '/O=Example/CN=somebody', 'no rule fits the subject'],
    ['with a subject that only ends right', '/O=Example/OU=workers/CN=x/L=y', 'no rule fits'],
    ['with a comma in a name', '/O=Example/CN=x,OU=workers', 'no rule fits'],
    ['with a name in another order', '/CN=x/OU=workers/O=Example', 'no rule fits'],
    ['with a line end in its name', '/O=Example/OU=workers/CN=x\ny', 'makes no principal'],
  ])('one %s is refused', async (_, subject, reason) => {
    expect(await ask(own.issue({ subject }))).toBe(REFUSED);
    expect(logins.reason).toContain(reason);
  });

  test('a name with a blank before it is not the name without', async () => {
    const subject = '/O=Example/OU=workers/CN= x';
    expect(await ask(own.issue({ subject }))).toBe('User:\\ x');
  });

  test('a good certificate does not make up for a bad header, and a good header decides', async () => {
    const pair = own.issue(worker);
    expect(await ask(pair, `Bearer ${token}`)).toBe('User:alice');
    expect(await ask(pair, 'Bearer srt_0000000000000000_x')).toMatch(/the token is unknown/);
    expect(await ask(pair, 'Basic YWxpY2U6d3Jvbmc=')).toMatch(/user or password is wrong/);
    expect(await ask(pair, 'Bearer')).toMatch(NOTHING);
    expect(await ask(pair, 'Negotiate x')).toMatch(NOTHING);
    expect(await ask(own.issue({ subject: '/CN=nobody' }), `Bearer ${token}`)).toBe('User:alice');
  });

  test('one that expires while the connection stays is refused', async () => {
    const pair = own.issue(worker);
    expect(await ask(pair)).toBe('User:worker-1');
    logins.later(3 * 86_400);
    expect(await ask(pair)).toBe(REFUSED);
    expect(logins.reason).toMatch(/the client certificate expired at/);
    logins.later(-3 * 86_400);
  });

  test('where no authority of clients is set, none counts', async () => {
    const pair = own.issue(worker);
    const certificate = new X509Certificate(readFileSync(pair.cert));
    const plain = await Logins.start();
    expect(await plain.as({ peerCertificate: () => ({ certificate }) })).toMatch(NOTHING);
  });
});

describe('a subject as Java writes it', () => {
  const subjects = [
    ['/C=DE/ST=BE/L=Berlin/O=Example, Inc./OU=Sales\\/Ops/CN=alice'],
    ['/O=Example/CN=a+b\\=c "quoted" <x>;y\\\\z'],
    ['/CN= blanks around '],
    ['/CN=#hash#in the middle'],
    ['/DC=org/DC=example/UID=alice/street=Main 1/CN=Ünïcode ✓'],
    ['/emailAddress=a@example.org/CN=mail'],
    [`/emailAddress=${'a'.repeat(90)}@${'b'.repeat(33)}.org/CN=long mail`],
    ['/serialNumber=42/CN=device'],
  ];

  test.each(subjects)('%s', (subject) => {
    const { cert } = own.issue({ subject });
    const ours = subjectOf(new X509Certificate(readFileSync(cert)));
    expect(ours).toBe(javaSubject(cert));
  });

  test('control characters cannot end a part of it', () => {
    const line = (subject: string) =>
      subjectOf({ subject } as unknown as PeerCertificate['certificate']);
    expect(line('CN=a\\0AO=b\\00c')).toBe('CN=a\nO\\=b\\00c');
    expect(line('OU=one + CN=two\nO=x')).toBe('O=x,OU=one+CN=two');
    expect(line('title=Dr\nCN=x')).toBe('CN=x,title=Dr');
    expect(line('')).toBeUndefined();
  });
});

describe('rules', () => {
  // The first ones are the examples of KIP-371 and of Kafka's own SslPrincipalMapperTest.
  test.each([
    [String.raw`RULE:^CN=(.*?),OU=ServiceUsers.*$/$1/`, 'CN=svc,OU=ServiceUsers,O=X', 'svc'],
    [
      String.raw`RULE:^CN=(.*?),OU=(.*?),O=(.*?),C=(.*?)$/$1@$2/L`,
      'CN=Duke,OU=JavaSoft,O=S,C=US',
      'duke@javasoft',
    ],
    [String.raw`RULE:^.*[Cc][Nn]=([a-zA-Z0-9.]*).*$/$1/U`, 'OU=x,cn=abc,O=y', 'ABC'],
    ['DEFAULT', 'CN=a,O=b', 'CN=a,O=b'],
    [String.raw`RULE:^CN=(\w+)$/$1/L , RULE:^(.*),O=b$/$1/,DEFAULT`, 'CN=a,O=b', 'CN=a'],
    [String.raw`RULE:^CN=x\/y$/a\/b/`, 'CN=x/y', 'a/b'],
    [String.raw`RULE:^CN=(.*)$/\$1 $1/`, 'CN=x', '$1 x'],
    [String.raw`RULE:CN=a/b/`, 'CN=ab', undefined],
    [String.raw`RULE:CN=a|CN=b/c/`, 'CN=b,CN=a', undefined],
    [String.raw`RULE:(CN=a)|(CN=b)/$1$2/`, 'CN=b', 'CN=b'],
  ])('%s', (text, subject, name) => {
    expect(rules(text)(subject)).toBe(name);
  });

  test.each([
    ['', 'is empty'],
    [' ', 'has no RULE:'],
    ['default', 'has no RULE:'],
    ['RULE:a/b', 'has no RULE:'],
    ['RULE:a/b/X', 'has no RULE:'],
    ['RULE:a/b/LU', 'has no RULE:'],
    ['DEFAULT,', 'ends with a comma'],
    ['DEFAULT,,DEFAULT', 'at character 9'],
    ['DEFAULT DEFAULT', 'at character 1'],
    ['RULE:(/b/', "has a pattern that is no regular expression: '('"],
    ['RULE:a/$1/', "has a replacement with '$1', but its pattern 'a' has 0 groups"],
    ['RULE:(a)/$2/', "has a replacement with '$2', but its pattern '(a)' has 1 group"],
    ['RULE:a/b$/', "has a replacement with '$'"],
  ])('%j is refused', (text, problem) => {
    expect(parsePrincipalRules(text)).toMatchObject({
      ok: false,
      problem: expect.stringContaining(problem),
    });
  });
});

function rules(text: string) {
  const parsed = parsePrincipalRules(text);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
}

function peerOf(socket: TLSSocket): PeerCertificate | undefined {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return undefined;
  return socket.authorized
    ? { certificate }
    : { certificate, problem: String(socket.authorizationError) };
}

function selfSigned(): Pair {
  return { cert: alone.certificate, key: join(alone.folder, 'authority.key') };
}

const PROGRAM = `import java.io.*; import java.security.cert.*;
public class Subject { public static void main(String[] files) throws Exception {
  var made = CertificateFactory.getInstance("X.509").generateCertificate(new FileInputStream(files[0]));
  new PrintStream(System.out, true, "UTF-8").print(((X509Certificate) made).getSubjectX500Principal().getName());
} }`;

function javaSubject(file: string): string {
  const program = join(own.folder, 'Subject.java');
  writeFileSync(program, PROGRAM);
  return execFileSync('java', ['-XX:TieredStopAtLevel=1', program, file], { encoding: 'utf8' });
}
