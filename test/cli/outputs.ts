// Every way in which the program writes a file, by what of the command line names it, and all that names none.
import { FORMATS } from '../../src/cli/transfer/formats.ts';
import { reportFormats } from '../../src/validator/reports/index.ts';

/** What may lie where the file is to be. The links lead to a file of somebody else. */
export const obstacles = [
  'file',
  'link',
  'dangling link',
  'hard link',
  'folder',
  'pipe',
  'device',
] as const;
export type Obstacle = (typeof obstacles)[number];

/** `replaced`: a new file has the name, and what the obstacle led to stays as it was. */
export type Fate = 'refused' | 'replaced';
type Fates = Partial<Record<Obstacle, Fate | undefined>>;

export interface Output {
  title: string;
  /** What of the command line names it: the words of the command, and an option or argument as commander shows it. */
  by: string;
  /** `@` stands for the home; files that are written lie in `@out`. */
  args: readonly string[];
  env?: Record<string, string>;
  /** Where it is written, from the home on. */
  file: string;
  /** `usual`: what the umask leaves. `kept`: that of the file before, or usual. `appended`: the file is that of before. */
  mode: '600' | '400' | 'usual' | 'kept' | 'appended';
  /** More that is made on the way: 700 or 600, without regard to the umask. */
  beside?: Readonly<Record<string, string>>;
  /** The place in the home whose content has to be there before, so that it is written over. */
  like?: string;
  /** True where it is there before in any case. */
  isMended?: true;
  /** Without one, the obstacle changes what the command is about, and is left out. */
  fates: Fates;
  /** True where the master key is read between the look at the place and the write. */
  waitsForKey?: true;
  /** What is written into standing folders, with what becomes of it where they are swapped for a link to another one. */
  swapped?: Fate;
}

const NEW: Fates = {
  file: 'refused',
  link: 'refused',
  'dangling link': 'refused',
  'hard link': 'refused',
  folder: 'refused',
  pipe: 'refused',
  device: 'refused',
};
const WHOLE: Fates = {
  ...NEW,
  file: 'replaced',
  link: 'replaced',
  'dangling link': 'replaced',
  'hard link': 'replaced',
};
/** What is read before: a folder is walked through, a pipe is waited for. */
const MENDED: Fates = {
  file: 'replaced',
  link: 'refused',
  'dangling link': 'refused',
  'hard link': 'replaced',
};

const NO_SETTINGS = { SECRETREG_REGISTRY: '', SECRETREG_MASTER_KEY_FILE: '' };
const made = { mode: '600', fates: NEW } as const;
const whole = { mode: '600', fates: WHOLE } as const;
const mended = { mode: 'kept', fates: MENDED, isMended: true } as const;

/** Of a user's own file a link is followed, and stays one: it leads to where the user keeps such files. */
const ofContexts = { ...whole, fates: { file: 'replaced', 'hard link': 'replaced' } } as const;
const CONFIG = '.config/secretreg/config.yaml';

export const outputs: readonly Output[] = [
  { ...made, title: 'a key', by: 'keygen [file]', args: ['keygen', '@out/key'], file: 'out/key' },
  {
    ...made,
    title: 'the key of a new registry',
    by: 'init --master-key-file <file>',
    args: ['init', '--registry', 'file:@out/new.db', '--master-key-file', '@out/new.key'],
    file: 'out/new.key',
    // What leads to a file is the key that is there already.
    fates: { 'dangling link': 'refused', folder: 'refused', device: 'refused' },
  },
  {
    ...made,
    title: 'the key of a new registry, in its own place',
    by: 'init',
    args: ['init'],
    env: NO_SETTINGS,
    file: '.config/secretreg/master.key',
    beside: {
      '.config': '700',
      '.config/secretreg': '700',
      '.local': '700',
      '.local/share': '700',
      '.local/share/secretreg': '700',
      '.local/share/secretreg/registry.db': '600',
    },
    fates: { 'dangling link': 'refused' },
  },
  {
    ...made,
    title: 'a new registry',
    by: 'init --registry <url>',
    args: ['init', '--registry', 'file:@out/a/b/new.db'],
    file: 'out/a/b/new.db',
    beside: { 'out/a': '700', 'out/a/b': '700' },
    waitsForKey: true,
  },
  {
    ...made,
    title: 'the new place of a registry',
    by: 'migrate --to <url>',
    args: ['migrate', '--to', 'file:@out/a/b/moved.db'],
    file: 'out/a/b/moved.db',
    beside: { 'out/a': '700', 'out/a/b': '700' },
  },
  ...Object.keys(FORMATS).map(
    (format, at): Output => ({
      ...made,
      // The writer knows nothing of formats.
      ...(at > 0 && { fates: {} }),
      title: `an export as ${format}`,
      by: 'export [file]',
      args: ['export', '@out/all', '--format', format, '--path', 'orders'],
      file: 'out/all',
      ...(at === 0 && { waitsForKey: true, swapped: 'refused' }),
    }),
  ),
  {
    ...made,
    title: 'a backup',
    by: 'backup <file>',
    args: ['backup', '@out/backup.db'],
    file: 'out/backup.db',
    waitsForKey: true,
    swapped: 'refused',
  },
  {
    ...made,
    title: 'the audit key',
    by: 'audit key export <file>',
    args: ['audit', 'key', 'export', '@out/audit.key'],
    file: 'out/audit.key',
    waitsForKey: true,
    swapped: 'refused',
  },
  {
    ...made,
    title: 'a token',
    by: 'access token create --output-file <file>',
    args: ['access', 'token', 'create', '--principal', 'User:a', '-O', '@out/token'],
    file: 'out/token',
    waitsForKey: true,
    swapped: 'refused',
  },
  {
    ...whole,
    title: 'a resolved connector',
    by: 'resolve --output-file <file>',
    args: ['resolve', '@orders.json', '-O', '@out/resolved.json'],
    file: 'out/resolved.json',
    waitsForKey: true,
  },
  {
    ...whole,
    title: 'values as variables',
    by: 'render --to <place>',
    args: ['render', '@orders.json', '--to', 'env:@out/a/b/env'],
    file: 'out/a/b/env',
    beside: { 'out/a': '700', 'out/a/b': '700' },
    waitsForKey: true,
  },
  {
    ...whole,
    title: 'values as properties',
    by: 'render --to <place>',
    args: ['render', '@orders.json', '--to', 'file:@out'],
    file: 'out/orders.properties',
    waitsForKey: true,
    swapped: 'refused',
  },
  {
    title: 'values as files',
    by: 'render --to <place>',
    args: ['render', '@orders.json', '--to', 'directory:@out'],
    file: 'out/orders/password',
    mode: '400',
    beside: { 'out/orders': '700', 'out/orders/..data': '700' },
    fates: NEW,
    waitsForKey: true,
    swapped: 'refused',
  },
  {
    ...whole,
    title: 'a connector that refers to rendered values',
    by: 'render --output-file <file>',
    args: ['render', '@orders.json', '--to', 'file:@values', '-O', '@out/rendered.json'],
    file: 'out/rendered.json',
    beside: { values: '700', 'values/orders.properties': '600' },
    fates: { ...WHOLE, folder: undefined },
    waitsForKey: true,
  },
  {
    ...whole,
    title: 'a manifest',
    by: 'manifest [file]',
    args: ['manifest', '@out/manifest.json'],
    file: 'out/manifest.json',
    like: 'manifest.json',
  },
  ...reportFormats.map(
    (format, at): Output => ({
      title: `a report as ${format}`,
      by: 'validate --report <format=file>',
      args: ['validate', '@orders.json', '--report', `${format}=@out/report`],
      file: 'out/report',
      mode: 'kept',
      fates: at === 0 ? WHOLE : {},
    }),
  ),
  {
    title: 'the summary of a step in GitHub Actions',
    by: 'validate --report <format=file>',
    args: ['validate', '@orders.json', '--report', 'markdown=@out/summary'],
    env: { GITHUB_STEP_SUMMARY: '@out/summary' },
    file: 'out/summary',
    mode: 'appended',
    isMended: true,
    // Written behind what other commands of the step wrote into the same file.
    fates: { link: 'refused' },
  },
  {
    title: 'a new baseline',
    by: 'validate --write-baseline <file>',
    args: ['validate', '@orders.json', '--write-baseline', '@out/baseline.json'],
    file: 'out/baseline.json',
    mode: 'usual',
    // What leads to a file is a baseline to be written anew.
    fates: { 'dangling link': 'replaced', folder: 'refused', device: 'refused' },
  },
  {
    ...mended,
    title: 'a baseline of before',
    by: 'validate --write-baseline <file>',
    args: ['validate', '@clear.json', '--write-baseline', '@out/baseline.json'],
    file: 'out/baseline.json',
    like: 'baseline.json',
    fates: { file: 'replaced', link: 'refused', 'hard link': 'replaced' },
  },
  {
    ...mended,
    title: 'a mended connector',
    by: 'validate --fix',
    args: ['validate', '@out/typo.json', '--fix'],
    file: 'out/typo.json',
    like: 'typo.json',
  },
  {
    ...mended,
    title: 'a connector with references',
    by: 'externalize [files...]',
    args: ['externalize', '@out/clear.json', '--yes'],
    file: 'out/clear.json',
    like: 'clear.json',
    beside: { 'out/clear.json.secretreg-undo': '600' },
    waitsForKey: true,
  },
  {
    ...made,
    title: 'an undo file',
    by: 'externalize',
    args: ['externalize', '@clear.json', '--yes'],
    file: 'clear.json.secretreg-undo',
    // Beside what leads to a file it has another name.
    fates: { 'dangling link': 'refused' },
  },
  {
    ...made,
    title: 'an undo file of another name',
    by: 'externalize --undo-file <file>',
    args: ['externalize', '@clear.json', '--yes', '--undo-file', '@out/undo'],
    file: 'out/undo',
    waitsForKey: true,
    swapped: 'refused',
  },
  {
    ...mended,
    title: 'a connector with its values back',
    by: 'externalize --undo <file>',
    args: ['externalize', '--undo', '@out/moved.json.secretreg-undo', '--yes'],
    file: 'out/moved.json',
    like: 'moved.json',
    waitsForKey: true,
  },
  {
    ...whole,
    title: 'a record of connectors',
    by: 'connect sync --state <file>',
    args: [
      'connect',
      'sync',
      '--assume-current',
      '--connect',
      '@worker',
      '--state',
      '@out/a/state',
    ],
    file: 'out/a/state',
    beside: { 'out/a': '700' },
    like: 'state.json',
    fates: { ...WHOLE, pipe: undefined },
  },
  {
    ...whole,
    title: 'a record of connectors, in its own place',
    by: 'connect sync',
    args: ['connect', 'sync', '--assume-current', '--connect', '@worker'],
    env: { XDG_STATE_HOME: '@out/state' },
    file: 'out/state/secretreg/connect/worker.json',
    beside: { 'out/state': '700', 'out/state/secretreg': '700' },
    fates: {},
  },
  {
    ...ofContexts,
    title: 'a first context',
    by: 'context set',
    args: ['context', 'set', 'two', '--registry', 'file:two.db'],
    file: CONFIG,
    beside: { '.config': '700', '.config/secretreg': '700' },
    like: 'config/secretreg/config.yaml',
    fates: { ...ofContexts.fates, 'dangling link': 'replaced', folder: 'refused' },
  },
  {
    ...ofContexts,
    title: 'the context in use',
    by: 'context use',
    args: ['context', 'use', 'one'],
    file: CONFIG,
    like: 'config/secretreg/config.yaml',
    isMended: true,
  },
  {
    ...ofContexts,
    title: 'contexts without one',
    by: 'context remove',
    args: ['context', 'remove', 'one'],
    file: CONFIG,
    like: 'config/secretreg/config.yaml',
    isMended: true,
  },
];

/** Ways that have tests of their own: the files are gone when the command ends. */
export const fleeting: readonly string[] = [
  'run --files',
  'run --files-in <dir>',
  // The files of SQLite beside a registry that is open.
  'serve',
];

/** Arguments that name no file to write, by their command. */
export const silentArguments: readonly string[] = [
  'put <path>',
  'put [key]',
  'put [-]',
  'get <path>',
  'get [key]',
  'list [path]',
  'list [key]',
  'history <path>',
  'history [key]',
  'delete <path>',
  'delete [key]',
  'restore <path>',
  'restore [key]',
  'metadata <path>',
  'metadata <key>',
  'metadata [name=value...]',
  'validate [files...]',
  'where-used [files...]',
  'resolve <file>',
  'render <file...>',
  'run <command...>',
  'import [file]',
  'audit [what]',
  'access grant <principal>',
  'access grant <role>',
  'access grant [path]',
  'access revoke <principal>',
  'access revoke <role>',
  'access revoke [path]',
  'access grants [principal]',
  'access user create <principal>',
  'access user create [-]',
  'access user password <principal>',
  'access user password [-]',
  'access user delete <principal>',
  'access token list [principal]',
  'access token revoke <id>',
  'access check <action>',
  'access check [path]',
  'access who-can <action>',
  'access who-can [path]',
  'context show [context]',
  'context use [context]',
  'context remove <context>',
  'context set <context>',
  'completion <shell>',
];

/** Options that name no file to write, whatever the command. `--output` is a format. */
export const silentOptions: readonly string[] = [
  // The registry, and who asks. What `init` and `migrate` make of it stands above; other commands write into it alone.
  ...['registry', 'context', 'master-key-file', 'master-key-command', 'accept-key-file'],
  ...['worker-config', 'token-file', 'password-file', 'user', 'ca-file', 'client-cert'],
  ...['client-key', 'insecure-http', 'connect', 'connect-user', 'connect-password-file'],
  ...['connect-token-file', 'connect-ca-file', 'connect-client-cert', 'connect-client-key'],
  ...['from-rest', 'from-token-file', 'from-user', 'from-password-file', 'from-ca-file'],
  ...['from-insecure-http', 'new-key-file', 'new-key-id', 'audit-key-file', 'worker-principal'],
  // What is read.
  ...['from-file', 'from-env-file', 'json', 'used-by', 'unused-by', 'baseline', 'manifest'],
  ...['connector', 'changed-since', 'head'],
  // Names, formats, times, numbers, and switches.
  ...[
    'output',
    'format',
    'path',
    'key',
    'version',
    'principal',
    'role',
    'prefix',
    'name-from-file',
  ],
  ...['limit-role', 'limit-path', 'limit-prefix', 'description', 'expires', 'method', 'only'],
  ...['provider-name', 'rule', 'fail-on', 'explain', 'emit-grants', 'base64', 'signal', 'since'],
  ...['until', 'before', 'due', 'max-age', 'every', 'kill-after', 'interval', 'timeout', 'jobs'],
  ...['generate', 'if-version', 'unused-since', 'log-level', 'listen', 'metrics-listen'],
  ...[
    'yes',
    'dry-run',
    'force',
    'new',
    'all',
    'all-providers',
    'tree',
    'long',
    'deleted',
    'denied',
  ],
  ...['follow', 'watch', 'reads', 'reveal', 'kafka', 'pristine', 'no-mask', 'no-password', 'none'],
  ...['permanent', 'prepare', 'status', 'cancel', 'overwrite', 'assume-current', 'check-values'],
  ...['require-existence', 'show-skipped', 'skip-others', 'dev'],
  // Of the server.
  ...['tls-cert', 'tls-key', 'tls-client-ca', 'principal-mapping-rules', 'oidc-issuer'],
  ...['oidc-audience', 'oidc-jwks-url', 'oidc-principal-claim', 'oidc-clock-tolerance'],
];
