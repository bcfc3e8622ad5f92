// Values that formats of files are known to break, put into a registry and delivered by the built command line.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandLine } from '../process/command-line.ts';

/** By key. */
export const NASTY: Readonly<Record<string, string>> = {
  plain: 'hunter2',
  empty: '',
  equals: 'a=b = c',
  comment: '# no comment',
  bang: '!x',
  colons: ':a:b:',
  braces: '}a{b}${',
  reference: '${secret:orders:plain}${env:HOME}${file:/etc/passwd:root}',
  quotes: `a"b'c\``,
  shell: '$HOME $(id) `id` %s %PATH%',
  json: '{"a": ["b"]}',
  jaas: 'org.x.PlainLoginModule required username="u" password="p";',
  umlauts: 'äöüß ñ €',
  beyond: '🔑 𝒳 \u{10ffff}',
  combining: 'a\u0308 \u200d \u202e',
  bom: '\ufeffx',
  tab: 'a\tb',
  c1: '\u0080\u0085\u009f',
  nbsp: '\u00a0x\u00a0',
  separators: '\u2028a\u2029',
  'key with blanks': 'x',
  'key=equals': 'x',
  'key#!"$': 'x',
  schlüssel: 'x',
  'key🔑': 'x',
  long: 'x'.repeat(100_000),
};

/** Those that no file of variables can hold. */
export const NOT_IN_ENV: Readonly<Record<string, string>> = {
  blanks: '  before and after  ',
  blank: ' ',
  'tab.around': '\ta\t',
  backslash: 'a\\b\\\\c\\n\\u0041\\',
  newline: 'a\nb\n\n',
  crlf: 'a\r\nb\r\n',
  pem: '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n',
  quoted: '"a b"',
  'quoted.once': "'a",
  control: '\u0001\u0008\u000b\u000c\u001b\u001f\u007f',
};

export interface RenderRun {
  /** The configuration with references to where the values are. */
  config: Record<string, string>;
  stderr: string;
}

/** A registry, and what `render` makes of it, in a home folder of its own. */
export class Rendering {
  readonly line = new CommandLine();

  static async start(): Promise<Rendering> {
    const self = new Rendering();
    await self.run(['init']);
    // A worker does not start where a folder is not there that its providers may read.
    for (const kind of ['directory', 'file']) mkdirSync(self.place(kind), { mode: 0o755 });
    return self;
  }

  /** The folder or file that values of this kind are delivered into. */
  place(kind: string): string {
    return join(this.line.home, `run-${kind}`);
  }

  async put(path: string, values: Readonly<Record<string, string>>): Promise<void> {
    await this.run(['put', path, '--json', '-', '--force'], JSON.stringify(values));
  }

  /** A connector of this name that refers to each of the keys, with text around. */
  async render(name: string, keys: readonly string[], kind: string): Promise<RenderRun> {
    const settings = keys.map((key, at) => [`s${at}`, `<\${secret:${name}:${key}}>`]);
    const config = { 'connector.class': 'x', ...Object.fromEntries(settings) };
    const args = ['render', '-', '--to', `${kind}:${this.place(kind)}`];
    const { stdout, stderr } = await this.run(args, JSON.stringify({ name, config }));
    return { config: (JSON.parse(stdout) as RenderRun).config, stderr };
  }

  /** The variables of the env file, read as docker does: each line as it stands, up to the first equals sign. */
  variables(): Record<string, string> {
    const lines = readFileSync(this.place('env'), 'utf8').split('\n').slice(0, -1);
    return Object.fromEntries(
      lines.map((line) => {
        const [name = ''] = line.split('=', 1);
        return [name, line.slice(name.length + 1)];
      }),
    );
  }

  /** What a worker's file says of Kafka's own providers, all three of them. */
  get properties(): Record<string, string> {
    const classes = { directory: 'Directory', file: 'File', env: 'EnvVar' };
    const providers = Object.entries(classes).map(([name, its]) => [
      `config.providers.${name}.class`,
      `org.apache.kafka.common.config.provider.${its}ConfigProvider`,
    ]);
    return {
      'config.providers': 'directory,file,env',
      ...(Object.fromEntries(providers) as Record<string, string>),
      'config.providers.directory.param.allowed.paths': this.place('directory'),
      'config.providers.file.param.allowed.paths': this.place('file'),
      'config.providers.env.param.allowlist.pattern': 'SECRET_.*',
    };
  }

  async run(args: readonly string[], input = ''): Promise<{ stdout: string; stderr: string }> {
    const ended = await this.line.run(args, { input });
    if (ended.end !== 0) throw new Error(`secretreg ${args.join(' ')}: ${ended.stderr}`);
    return ended;
  }
}
