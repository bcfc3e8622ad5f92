// A registry over REST: by what it is named, what goes there to prove who asks, and what never does.
import { chmodSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { clientFor } from '../../src/cli/remote-client.ts';
import type { RemoteSettings } from '../../src/cli/remote-settings.ts';
import type { SharedFlags } from '../../src/cli/settings.ts';
import { hasCode, SecretregError } from '../../src/errors.ts';
import { makeCertificates } from '../kafka/certificates.ts';
import { filled, put, read, root, useFolder } from './settings-folder.ts';

useFolder();

const URL_A = 'https://a.example:8185';
const USER_FILE = 'home/.config/secretreg/config.yaml';

const contexts = (...more: string[]) =>
  put(
    USER_FILE,
    ...more,
    'contexts:',
    '  prod: { registry: "https://prod.example", tokenFile: prod.token, caFile: /ca/prod.pem }',
    '  basic: { registry: "https://basic.example", user: alice, passwordFile: alice.password }',
    '  bare: { registry: "https://bare.example" }',
    '  here: { registry: "file:here.db", masterKeyFile: here.key }',
  );

const shown = ({ login }: RemoteSettings): string => {
  switch (login?.kind) {
    case 'token-file':
      return `token in ${login.file.value} (${login.file.origin})`;
    case 'token':
      return `token ${login.token.value} (${login.token.origin})`;
    case 'basic':
      return `${login.user.value} ${login.passwordFile.value} (${login.passwordFile.origin})`;
    case undefined:
      return 'none';
  }
};

const refusal = async (flags: SharedFlags, env: Record<string, string> = {}) => {
  const error: unknown = await read(flags, env).then(
    () => new Error('it was not refused'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof SecretregError)) throw error;
  return `${error.code}: ${error.message}`;
};

describe('which registry', () => {
  test.each<[string, SharedFlags, Record<string, string>, string[], string, string]>([
    ['a flag', { registry: URL_A }, {}, [], URL_A, '--registry'],
    [
      'a flag, whatever context is in use',
      { registry: URL_A },
      { SECRETREG_CONTEXT: 'prod' },
      ['context: prod'],
      URL_A,
      '--registry',
    ],
    [
      'a context by a flag',
      { context: 'prod' },
      { SECRETREG_REGISTRY: URL_A, SECRETREG_CONTEXT: 'here' },
      ['context: bare'],
      'https://prod.example',
      'context prod (--context)',
    ],
    [
      'the environment',
      {},
      { SECRETREG_REGISTRY: URL_A },
      ['context: prod'],
      URL_A,
      'SECRETREG_REGISTRY',
    ],
    [
      'a context by the environment',
      {},
      { SECRETREG_CONTEXT: 'bare' },
      ['context: prod'],
      'https://bare.example',
      'context bare (SECRETREG_CONTEXT)',
    ],
    [
      'the context in use',
      {},
      {},
      ['registry: file:/u.db', 'context: prod'],
      'https://prod.example',
      `context prod (ROOT/${USER_FILE})`,
    ],
    [
      "without one, the user's registry",
      {},
      {},
      ['registry: file:/u.db'],
      'file:/u.db',
      `ROOT/${USER_FILE}`,
    ],
  ])('%s', async (_, flags, env, lines, value, origin) => {
    contexts(...lines);
    expect((await read(flags, env)).registry).toEqual({ value, origin: filled(origin) });
  });

  test("a project's file comes before the context in use", async () => {
    contexts('context: prod');
    put('project/secretreg.yaml', 'registry: file:/p.db');
    expect((await read()).registry.value).toBe('file:/p.db');
    expect((await read({ context: 'prod' })).registry.value).toBe('https://prod.example');
  });

  test('a context may be one of a file here, with its key', async () => {
    contexts('masterKeyFile: u.key');
    const { registry, key, remote } = await read(
      { context: 'here' },
      { SECRETREG_MASTER_KEY_FILE: 'e.key' },
    );
    expect(registry.value).toBe(filled('file:ROOT/home/.config/secretreg/here.db'));
    expect(key.value).toBe(filled('ROOT/home/.config/secretreg/here.key'));
    expect(remote).toBeUndefined();
    const byEnvironment = { SECRETREG_CONTEXT: 'here', SECRETREG_MASTER_KEY_FILE: 'e.key' };
    expect((await read({}, byEnvironment)).key.value).toBe(filled('CWD/e.key'));
    expect((await read({ registry: 'file:/f.db' })).key.value).toBe(
      filled('ROOT/home/.config/secretreg/u.key'),
    );
  });

  test.each<[string, SharedFlags, Record<string, string>, string]>([
    [
      'a context that is none',
      { context: 'pord' },
      {},
      "settings-invalid: --context: there is no context 'pord' in ROOT/FILE; there are prod, basic, bare, here",
    ],
    [
      'one in the environment',
      {},
      { SECRETREG_CONTEXT: 'pord' },
      "settings-invalid: SECRETREG_CONTEXT: there is no context 'pord' in ROOT/FILE; there are prod, basic, bare, here",
    ],
    [
      'a flag of each kind',
      { context: 'prod', registry: URL_A },
      {},
      'wrong-use: --context and --registry exclude each other: a context names its registry',
    ],
    [
      'a variable of each kind',
      {},
      { SECRETREG_CONTEXT: 'prod', SECRETREG_REGISTRY: URL_A },
      'settings-invalid: SECRETREG_CONTEXT: SECRETREG_REGISTRY is set too, and only one of them can name the registry',
    ],
  ])('%s is refused', async (_, flags, env, text) => {
    contexts();
    expect(await refusal(flags, env)).toBe(filled(text.replace('FILE', USER_FILE)));
  });

  test('names of contexts are names like others', async () => {
    put(USER_FILE, 'contexts: { __proto__: { registry: "https://p.example" } }');
    expect((await read({ context: '__proto__' })).registry.value).toBe('https://p.example');
    expect(await refusal({ context: 'constructor' })).toContain('there is __proto__');
  });
});

describe('what proves who asks', () => {
  const all = {
    SECRETREG_TOKEN_FILE: 'e.token',
    SECRETREG_TOKEN: 'hunter2',
    SECRETREG_USER: 'bob',
    SECRETREG_PASSWORD_FILE: './e.password',
  };
  const { SECRETREG_TOKEN_FILE: _file, ...withoutFile } = all;
  const { SECRETREG_TOKEN: _token, ...basicOnly } = withoutFile;
  const prod = 'token in ROOT/home/.config/secretreg/prod.token (context prod';

  test.each<[string, SharedFlags, Record<string, string>, string]>([
    [
      'a flag wins',
      { context: 'prod', tokenFile: 'f.token' },
      all,
      'token in CWD/f.token (--token-file)',
    ],
    ['then the context of a flag', { context: 'prod' }, all, `${prod} (--context))`],
    [
      'which may have a user',
      { context: 'basic' },
      all,
      'alice ROOT/home/.config/secretreg/alice.password (context basic (--context))',
    ],
    [
      'and where it has nothing, the environment',
      { context: 'bare' },
      all,
      'token in CWD/e.token (SECRETREG_TOKEN_FILE)',
    ],
    [
      'the environment: a file',
      { registry: URL_A },
      all,
      'token in CWD/e.token (SECRETREG_TOKEN_FILE)',
    ],
    [
      'the environment: a token',
      { registry: URL_A },
      withoutFile,
      'token hunter2 (SECRETREG_TOKEN)',
    ],
    [
      'the environment: a user',
      { registry: URL_A },
      basicOnly,
      'bob CWD/e.password (SECRETREG_PASSWORD_FILE)',
    ],
    ['it comes before a context in use', {}, withoutFile, 'token hunter2 (SECRETREG_TOKEN)'],
    ['a context in use', {}, {}, `${prod} (ROOT/${USER_FILE}))`],
    ['that of a context goes nowhere else', { registry: URL_A }, {}, 'none'],
    ['to no server of the environment either', {}, { SECRETREG_REGISTRY: URL_A }, 'none'],
    ['an empty variable is none', { registry: URL_A }, { SECRETREG_TOKEN: '' }, 'none'],
  ])('%s', async (_, flags, env, expected) => {
    contexts('context: prod');
    const { remote } = await read(flags, env);
    expect(remote && shown(remote)).toBe(filled(expected));
  });

  test.each<[string, Record<string, string>, string]>([
    [
      'a user alone',
      { SECRETREG_USER: 'bob' },
      'SECRETREG_USER: SECRETREG_USER and SECRETREG_PASSWORD_FILE belong together',
    ],
    [
      'a password alone',
      { SECRETREG_PASSWORD_FILE: 'f' },
      'SECRETREG_PASSWORD_FILE: SECRETREG_USER and SECRETREG_PASSWORD_FILE belong together',
    ],
    [
      'a principal',
      { SECRETREG_USER: 'User:bob', SECRETREG_PASSWORD_FILE: 'f' },
      "SECRETREG_USER: a user is named without 'User:', and without any ':'",
    ],
    [
      'a certificate alone',
      { SECRETREG_CLIENT_CERT: 'c' },
      'SECRETREG_CLIENT_CERT: a client certificate and its key belong together: --client-cert and --client-key',
    ],
  ])('%s is refused', async (_, env, text) => {
    expect(await refusal({ registry: URL_A }, env)).toBe(`settings-invalid: ${text}`);
  });

  test('certificates: flags, then the environment', async () => {
    const env = {
      SECRETREG_CA_FILE: 'e.ca',
      SECRETREG_CLIENT_CERT: 'e.crt',
      SECRETREG_CLIENT_KEY: 'e.key',
    };
    const { remote } = await read({ registry: URL_A, caFile: 'f.ca' }, env);
    expect(remote?.caFile).toEqual({ value: filled('CWD/f.ca'), origin: '--ca-file' });
    expect(remote?.client?.key).toEqual({
      value: filled('CWD/e.key'),
      origin: 'SECRETREG_CLIENT_KEY',
    });
    contexts();
    expect((await read({ context: 'prod' }, env)).remote?.caFile?.value).toBe('/ca/prod.pem');
  });
});

describe("a server that a project's file names", () => {
  const evil = 'https://evil.example';

  test.each<[string, SharedFlags, Record<string, string>, string]>([
    ['a token of the environment', {}, { SECRETREG_TOKEN: 'hunter2' }, 'SECRETREG_TOKEN'],
    ['a token file', {}, { SECRETREG_TOKEN_FILE: 'hunter2' }, 'SECRETREG_TOKEN_FILE'],
    ['a token file of a flag', { tokenFile: 'f' }, {}, '--token-file'],
    [
      'a password',
      {},
      { SECRETREG_USER: 'bob', SECRETREG_PASSWORD_FILE: './f' },
      'SECRETREG_PASSWORD_FILE',
    ],
    [
      'a client key',
      {},
      { SECRETREG_CLIENT_CERT: 'c', SECRETREG_CLIENT_KEY: 'k' },
      'SECRETREG_CLIENT_KEY',
    ],
  ])('does not get %s', async (_, flags, env, origin) => {
    contexts('context: prod');
    put('project/secretreg.yaml', `registry: ${evil}`);
    const text = await refusal(flags, env);
    expect(text).toContain(
      `the log-in in ${origin} is not used for a server that a project file alone names (evil.example)`,
    );
    expect(text).not.toContain('hunter2');
  });

  test('does not get that of a context in use', async () => {
    contexts('context: prod');
    put('project/secretreg.yaml', `registry: ${evil}`);
    expect(await refusal({})).toContain('no secret is sent to a server');
  });

  test('is sent nothing where there is no log-in either', async () => {
    put('project/secretreg.yaml', `registry: ${evil}`);
    expect(await refusal({})).toContain(
      'no secret is sent to a server that a project file alone names (evil.example)',
    );
  });

  test('gets what a context of yours with the same server has', async () => {
    contexts();
    put('project/secretreg.yaml', 'registry: https://PROD.example/');
    const { remote } = await read({}, { SECRETREG_CA_FILE: '/e.ca' });
    expect(remote && shown(remote)).toBe(
      filled(`token in ROOT/home/.config/secretreg/prod.token (context prod (ROOT/${USER_FILE}))`),
    );
  });

  test.each(['contexts: {}', 'context: prod'])('may not have %s', async (line) => {
    put('project/secretreg.yaml', line);
    expect(await refusal({})).toContain('is taken from your user file only');
  });
});

describe('an address', () => {
  test.each<[string, string]>([
    ['http://localhost:8185', 'taken'],
    ['http://127.0.0.7', 'taken'],
    ['http://[::1]:8185', 'taken'],
    ['HTTPS://a.example/registry', 'taken'],
    [
      'http://a.example',
      'over http:// secrets and credentials go in clear to whoever is on the way; it is for this machine only',
    ],
    ['http://127.0.0.1.evil.example', 'over http:// secrets'],
    ['http://localhost.evil.example', 'over http:// secrets'],
    [
      'https://alice:hunter2@a.example',
      'a user or a password in an address is seen in process lists',
    ],
    ['https://alice@a.example', 'a user or a password in an address is seen in process lists'],
    ['https://a.example?token=hunter2', "an address of a registry has nothing behind '?' or '#'"],
    ['https:a.example', 'it should be https://host:port'],
    ['https://', 'it should be https://host:port'],
  ])('%s', async (registry, expected) => {
    if (expected === 'taken') {
      expect((await read({ registry })).remote).toBeDefined();
      return;
    }
    const text = await refusal({ registry });
    expect(text).toContain(expected);
    expect(text).not.toContain('hunter2');
  });

  test('over http:// to another machine where it is meant', async () => {
    const flags = { registry: 'http://a.example', insecureHttp: true };
    expect((await read(flags)).remote?.url.host).toBe('a.example');
    put(USER_FILE, 'contexts: { lab: { registry: "http://lab.example", insecureHttp: true } }');
    expect((await read({ context: 'lab' })).remote?.url.host).toBe('lab.example');
    expect(await refusal({ registry: 'http://lab.example' })).toContain('over http://');
  });
});

describe('a file with a log-in', () => {
  const open = async (flags: SharedFlags, env: Record<string, string> = {}) => {
    const { remote } = await read({ registry: URL_A, ...flags }, env);
    if (remote === undefined) throw new Error('not over REST');
    try {
      clientFor(remote).close();
      return 'taken';
    } catch (error) {
      if (!hasCode(error, 'readable-by-others', 'file-unreadable', 'settings-invalid')) throw error;
      return `${error.code}: ${error.message}`;
    }
  };
  const secret = (mode: number, ...lines: string[]) => {
    const file = put('secret', ...lines);
    chmodSync(file, mode);
    return file;
  };

  test('is taken where only its owner can read it', async () => {
    expect(await open({ tokenFile: secret(0o600, 'srt_abc_def') })).toBe('taken');
    const basic = { SECRETREG_USER: 'bob', SECRETREG_PASSWORD_FILE: secret(0o400, 'hunter2 ü') };
    expect(await open({}, basic)).toBe('taken');
  });

  test.each([0o640, 0o604, 0o660])('is refused with mode %o', async (mode) => {
    const file = secret(mode, 'hunter2');
    const text = `has mode 0${mode.toString(8)}: other users can read it`;
    expect(await open({ tokenFile: file })).toBe(
      `readable-by-others: the token file '${file}' ${text}`,
    );
    const basic = { SECRETREG_USER: 'bob', SECRETREG_PASSWORD_FILE: file };
    expect(await open({}, basic)).toBe(`readable-by-others: the password file '${file}' ${text}`);
  });

  test('that is none, or holds something else', async () => {
    expect(await open({ tokenFile: '/absent' })).toBe(
      "file-unreadable: '/absent' cannot be read: there is no such file or folder",
    );
    const file = secret(0o600, 'hunter2', 'hunter3');
    expect(await open({ tokenFile: file })).toContain(
      `settings-invalid: ${file}: it holds no token`,
    );
    expect(await open({}, { SECRETREG_TOKEN: 'hunter2 ' })).toBe(
      'settings-invalid: SECRETREG_TOKEN: it holds no token: one is letters, digits and . _ ~ + / = - without spaces',
    );
  });

  test('certificates that are none', async () => {
    const file = secret(0o600, 'hunter2');
    expect(await open({ caFile: file })).toBe(
      `settings-invalid: ${file}: it holds no certificate in PEM, which begins with -----BEGIN CERTIFICATE-----`,
    );
    const broken = secret(
      0o600,
      '-----BEGIN CERTIFICATE-----',
      'hunter2',
      '-----END CERTIFICATE-----',
    );
    expect(await open({ caFile: broken })).toContain('it holds no certificate');
    const { authority, stranger } = makeCertificates(root);
    expect(await open({ caFile: authority })).toBe('taken');
    const key = stranger.replace('.crt', '.key');
    chmodSync(key, 0o600);
    expect(await open({ clientCert: authority, clientKey: key })).toMatch(
      /do not belong together \(ERR_/,
    );
  });
});
