import { describe, expect, test } from 'vitest';
import { environmentFor } from '../../../src/cli/run/environment.ts';
import { SecretValue } from '../../../src/domain/secret-value.ts';

function values(...entries: [string, string][]): Map<string, SecretValue> {
  return new Map(entries.map(([name, text]) => [name, SecretValue.of(text)]));
}

describe("a command's environment", () => {
  test('is ours with the secrets, which win over what was there', () => {
    const env = environmentFor(
      { PATH: '/bin', PASSWORD: 'old', GONE: undefined },
      values(['password', 'new']),
    );
    expect(env).toEqual({ PATH: '/bin', PASSWORD: 'new', GONE: undefined });
  });

  test.each([
    'SECRETREG_MASTER_KEY',
    'SECRETREG_MASTER_KEY_FILE',
    'SECRETREG_MASTER_KEY_COMMAND',
    'SECRETREG_KAFKASTORE_SASL_JAAS_CONFIG',
    'SECRETREG_TOKEN',
    'SECRETREG_TOKEN_FILE',
    'SECRETREG_USER',
    'SECRETREG_PASSWORD_FILE',
    'SECRETREG_CLIENT_KEY',
  ])('lacks %s', (name) => {
    expect(environmentFor({ [name]: 'x', SECRETREG_REGISTRY: 'y' }, values())).toEqual({
      SECRETREG_REGISTRY: 'y',
    });
  });

  test.each([
    ['password', 'PASSWORD'],
    ['ldap.password', 'LDAP_PASSWORD'],
    ['ssl.keystore.password', 'SSL_KEYSTORE_PASSWORD'],
    ['connection.password', 'CONNECTION_PASSWORD'],
    ['ssl-key/v2', 'SSL_KEY_V2'],
    ['caf\u00e9', 'CAF_'],
    ['1st', '_1ST'],
    ['a b', 'A_B'],
  ])('names %s %s', (name, variable) => {
    expect(environmentFor({}, values([name, 'v']))).toEqual({ [variable]: 'v' });
  });

  test('takes any text but NUL, empty and with line ends too', () => {
    const env = environmentFor({}, values(['a', ''], ['b', 'x\ny\n'], ['c', '\u{1f511}=;$(x)']));
    expect(env).toEqual({ A: '', B: 'x\ny\n', C: '\u{1f511}=;$(x)' });
  });

  test('has the least of ours only, where that is asked for', () => {
    const least = {
      ...{ PATH: '/bin', HOME: '/h', USER: 'u', LOGNAME: 'u', SHELL: '/bin/sh', TERM: 'xterm' },
      ...{ TZ: 'UTC', TMPDIR: '/t', LANG: 'C', LC_ALL: 'C', LC_CTYPE: 'C' },
    };
    const others = {
      ...{ AWS_SECRET_ACCESS_KEY: 'x', LD_PRELOAD: 'x', NODE_OPTIONS: 'x', DISPLAY: ':0' },
      ...{ PATHS: 'x', XPATH: 'x', LC_x: 'x', SECRETREG_REGISTRY: 'x', SECRETREG_TOKEN: 'x' },
    };
    const env = environmentFor({ ...least, ...others }, values(['a', 'v']), { isPristine: true });
    expect(env).toEqual({ ...least, A: 'v' });
  });

  test('does not change what it was made of', () => {
    const inherited = Object.freeze({ PASSWORD: 'old' });
    environmentFor(inherited, values(['password', 'new']));
    expect(inherited).toEqual({ PASSWORD: 'old' });
  });

  test.each([
    'PATH',
    'path',
    'HOME',
    'shell',
    'IFS',
    'ENV',
    'bash.env',
    'pythonpath',
    'perl5lib',
    'rubylib',
    'java.tool.options',
    'node-options',
    'git.ssh.command',
    'GIT_DIR',
    'ld.preload',
    'LD_LIBRARY_PATH',
    'dyld.insert.libraries',
    'perl5opt',
    'kafka.opts',
    'jdk.java.options',
    'classpath',
    'ps4',
    'prompt.command',
    'shellopts',
    'xdg.config.home',
    'secretreg.master.key.command',
  ])('takes no secret called %s: it would run something else', (name) => {
    expect(() => environmentFor({}, values([name, 'hunter2']))).toThrow(
      /cannot be handed to a command: variable [A-Z0-9_]+ decides what a command is or loads/,
    );
  });

  test.each([
    [
      values(['a.b', 'hunter2'], ['a-b', 'hunter3']),
      "the value for a-b cannot be handed to a command: 'a.b' is variable A_B too",
    ],
    [
      values(['a', 'hunter2\0']),
      'the value for a cannot be handed to a command: it holds a NUL character',
    ],
  ])('refuses what would be lost, without showing it (%#)', (secrets, message) => {
    expect(() => environmentFor({}, secrets)).toThrow(message);
    expect(() => environmentFor({}, secrets)).not.toThrow('hunter');
  });
});
