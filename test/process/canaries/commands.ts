// Every command with secrets in all that it takes: what it does with them, what it refuses, and what it must not tell.

import { accessLines } from './access-commands.ts';

export type Where = 'file' | 'topic' | 'REST';

export interface Line {
  args: readonly string[];
  /** On stdin. */
  input?: string;
  /** The exit code; where nothing else is said, the same everywhere. */
  ends: number | Record<Where, number>;
  /** The value is what it was asked for: on stdout, or in this new file or folder of files of mode 0600. */
  gives?: string;
  /** What it gives is a secret from then on. */
  learns?: string;
  /** Under another master key or token. */
  env?: Record<string, string>;
}

export interface Material {
  /** A secret by its name, made at its first use. */
  secret: (name: string) => string;
  /** One of letters and digits alone. */
  plain: (name: string) => string;
  /** One that is given as an argument, and so in everybody's sight already. */
  argument: (name: string) => string;
  /** A file of mode 0600 that holds it, made by the test. */
  file: (name: string, content: string) => string;
  url: string;
}

export const local = (ends: number): Record<Where, number> => ({
  file: ends,
  topic: ends,
  REST: 2,
});

/** In the order in which they are called: what one leaves the next ones find. */
export function linesOf(material: Material): Record<string, Line[]> {
  const { secret, plain, argument, file, url } = material;
  const reference = (key: string) => `\${secret:orders:${key}}`;
  const connector = (name: string, config: Record<string, string>) =>
    file(
      name,
      JSON.stringify(
        { name: 'orders', config: { 'connector.class': 'io.x.Y', ...config } },
        null,
        2,
      ),
    );
  const orders = connector('in.orders.json', { 'connection.password': reference('password') });
  const clear = connector('in.clear.json', { 'connection.password': secret('IN-CLEAR') });
  const absent = connector('in.absent.json', { 'connection.password': reference('absent') });
  const broken = file('in.broken.json', `{"name": "orders", "config": {"p": "${secret('BROKEN')}"`);
  const worker = ['--connect', 'http://127.0.0.1:1'];
  const wrongKey = { SECRETREG_MASTER_KEY_FILE: file('in.wrong.key', secret('WRONG-KEY')) };
  const wrongToken = { SECRETREG_TOKEN_FILE: file('in.wrong.token', plain('WRONG-TOKEN')) };
  const put = (...args: string[]) => ['put', 'orders', ...args];
  return {
    init: [{ args: ['init'], ends: { file: 78, topic: 78, REST: 2 } }],
    keygen: [
      { args: ['keygen', 'out.new.key'], ends: 0, gives: 'out.new.key' },
      { args: ['keygen', 'out.new.key'], ends: 3 },
      { args: ['keygen'], ends: 0, gives: 'stdout', learns: 'GENERATED-KEY' },
    ],
    put: [
      { args: put('password', '-'), input: secret('FIRST'), ends: 0 },
      { args: put('password', '-'), input: secret('SECOND'), ends: 0 },
      {
        args: put('from-file', '--from-file', file('in.value', secret('FROM-FILE'))),
        ends: 0,
      },
      { args: put('binary', '--base64', '--from-file', file('in.bin', secret('BINARY'))), ends: 0 },
      { args: put('generated', '--generate', '32'), ends: 0 },
      {
        args: put('--json', '-'),
        input: JSON.stringify({ user: secret('OF-JSON'), more: secret('OF-JSON-TOO') }),
        ends: 0,
      },
      { args: put('--json', '-'), input: `{"a": "${secret('BROKEN-TABLE')}"`, ends: 1 },
      { args: put('password', argument('AS-ARGUMENT')), ends: 2 },
      { args: [`put`, `orders`, `password=${argument('BEHIND-EQUALS')}`], ends: 2 },
      { args: put('password', '-', `--value=${argument('AS-OPTION')}`), ends: 2 },
      { args: put('password', '-', '--new'), input: secret('NOT-NEW'), ends: 1 },
      { args: put('password', '-', '--if-version', '9'), input: secret('MOVED-ON'), ends: 1 },
      { args: put('password', '-'), input: `\${${secret('MASK')}}`, ends: 1 },
      { args: put('password', '-'), input: secret('LONG') + 'x'.repeat(300_000), ends: 1 },
      { args: ['put', ' ', 'c', '-'], input: secret('BAD-PATH'), ends: 2 },
      {
        args: put('password', '-'),
        input: secret('UNDER-WRONG-KEY'),
        env: { ...wrongKey, ...wrongToken },
        ends: { file: 78, topic: 78, REST: 4 },
      },
    ],
    get: [
      { args: ['get', 'orders', 'password'], ends: 0, gives: 'stdout' },
      { args: ['get', 'orders', 'generated'], ends: 0, gives: 'stdout', learns: 'GENERATED' },
      { args: ['get', 'orders', '--all'], ends: 0, gives: 'stdout' },
      { args: ['get', 'orders', 'password', '-o', 'json'], ends: 0, gives: 'stdout' },
      { args: ['get', 'orders', 'absent'], ends: 1 },
      { args: ['get', 'orders', 'password', '--version', '9'], ends: 1 },
      { args: ['get', 'orders', 'password', '-o', 'yaml'], ends: 2 },
    ],
    list: [
      { args: ['list'], ends: 0 },
      { args: ['list', 'orders', '--long', '-o', 'json'], ends: 0 },
      { args: ['list', '--tree'], ends: 0 },
      { args: ['list', '--unused-by', orders], ends: 0 },
      { args: ['list', 'absent'], ends: 1 },
    ],
    history: [{ args: ['history', 'orders', '-o', 'json'], ends: 0 }],
    delete: [
      { args: ['delete', 'orders', 'user'], ends: 2 },
      { args: ['delete', 'orders', 'user', '--yes'], ends: 0 },
      { args: ['delete', 'orders', 'more', '--permanent', '--yes'], ends: 0 },
      { args: ['delete', 'orders', 'password', '--used-by', orders, '--yes'], ends: 1 },
    ],
    restore: [
      { args: ['restore', 'orders', 'user'], ends: 0 },
      { args: ['restore', 'orders', 'user'], ends: 1 },
    ],
    metadata: [
      { args: ['metadata', 'orders', 'password', 'owner=team', 'rotate-every=30d'], ends: 0 },
      { args: ['metadata', 'orders', 'password', argument('NO-METADATA')], ends: 2 },
    ],
    report: [{ args: ['report', '-o', 'json'], ends: 0 }],
    rotate: [{ args: ['rotate', '--new-key-file', 'out.new.key', '--dry-run'], ends: local(0) }],
    validate: [
      ...['text', 'json', 'sarif', 'junit', 'github', 'gitlab', 'markdown'].map((format) => ({
        args: ['validate', orders, clear, absent, broken, '--format', format],
        ends: 1,
      })),
      { args: ['validate', orders, '--check-values'], ends: 0 },
    ],
    manifest: [{ args: ['manifest', 'out.manifest.json'], ends: 0 }],
    'where-used': [{ args: ['where-used', orders, clear], ends: 0 }],
    externalize: [
      { args: ['externalize', clear, '--dry-run'], ends: 0 },
      { args: ['externalize', clear], ends: 2 },
      { args: ['externalize', broken, '--yes'], ends: 3 },
    ],
    resolve: [
      { args: ['resolve', orders], ends: 0, gives: 'stdout' },
      { args: ['resolve', orders, '-O', 'out.resolved.json'], ends: 0, gives: 'out.resolved.json' },
      { args: ['resolve', absent], ends: 1 },
      { args: ['resolve', broken], ends: 1 },
    ],
    render: [
      {
        args: ['render', orders, '--to', 'directory:out.rendered'],
        ends: 0,
        gives: 'out.rendered',
      },
    ],
    run: [
      {
        args: ['run', '--connector', orders, '--', process.execPath, '-e', 'process.exit(7)'],
        ends: 7,
      },
      { args: ['run', '--path', 'orders', '--', 'sh', '-c', 'echo "$PASSWORD"'], ends: 0 },
      {
        args: ['run', '--path', 'orders', '--files', '--', 'sh', '-c', 'cat "$PASSWORD_FILE"'],
        ends: 0,
      },
      { args: ['run', '--connector', absent, '--', 'true'], ends: 1 },
      { args: ['run', '--path', 'orders', '--', 'there-is-no-such-program'], ends: 3 },
    ],
    import: [
      {
        args: ['import', '-'],
        input: JSON.stringify({ imported: { key: secret('IMPORTED') } }),
        ends: 0,
      },
      { args: ['import', '-'], input: `{"x": {"y": "${secret('BROKEN-IMPORT')}`, ends: 1 },
      {
        args: ['import', '-'],
        input: JSON.stringify({ x: { y: [secret('LIST')] } }),
        ends: 1,
      },
      {
        args: [
          ...['import', '--from-rest', url, '--from-token-file'],
          file('in.from.token', plain('FROM-TOKEN')),
        ],
        ends: 4,
      },
    ],
    export: [
      { args: ['export', 'out.exported.json'], ends: 0, gives: 'out.exported.json' },
      { args: ['export'], ends: 0, gives: 'stdout' },
    ],
    backup: [{ args: ['backup', 'out.backup.db'], ends: { file: 0, topic: 2, REST: 2 } }],
    migrate: [{ args: ['migrate', '--to', 'file:/proc/none.db'], ends: local(3) }],
    'connect sync': [{ args: ['connect', 'sync', ...worker], ends: 3 }],
    'connect check': [{ args: ['connect', 'check', ...worker], ends: 1 }],
    serve: [{ args: ['serve', '--listen', 'no-address'], ends: 2 }],
    ...accessLines(material),
    doctor: [
      { args: ['doctor', '-o', 'json'], ends: 0 },
      { args: ['doctor'], env: { ...wrongKey, ...wrongToken }, ends: 1 },
    ],
    completion: [{ args: ['completion', 'bash'], ends: 0 }],
  };
}
