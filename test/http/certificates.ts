// Certificates of a test, made by openssl under an authority of their own.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Pair {
  cert: string;
  key: string;
}

export interface Wanted {
  /** As `openssl -subj` takes it. */
  subject: string;
  hosts?: string;
  usage?: 'serverAuth' | 'clientAuth';
  when?: 'now' | 'long' | 'past' | 'future';
}

export class Authority {
  readonly folder = mkdtempSync(join(tmpdir(), 'secretreg-tls-'));
  readonly certificate = join(this.folder, 'authority.crt');
  #made = 0;

  constructor(subject = '/CN=secretreg test authority') {
    const files = ['-keyout', this.#at('authority.key'), '-out', this.certificate];
    openssl('req', '-x509', ...NEW_KEY, '-days', '2', '-subj', subject, ...files);
    writeFileSync(this.#at('index.txt'), '');
    writeFileSync(this.#at('ca.cnf'), this.#configuration());
  }

  /** Files with a certificate and its key. */
  issue({ subject, hosts, usage, when = 'now' }: Wanted): Pair {
    this.#made += 1;
    const [key, request, cert, extensions] = ['key', 'csr', 'crt', 'ext'].map((kind) =>
      this.#at(`${this.#made}.${kind}`),
    ) as [string, string, string, string];
    const names = ['-utf8', '-subj', subject];
    openssl('req', ...NEW_KEY, ...names, '-keyout', key, '-out', request);
    writeFileSync(
      extensions,
      [
        ...(hosts === undefined ? [] : [`subjectAltName=${hosts}`]),
        ...(usage === undefined ? [] : [`extendedKeyUsage=${usage}`]),
      ].join('\n'),
    );
    const dates = ['-startdate', DATES[when][0], '-enddate', DATES[when][1]];
    const files = ['-in', request, '-out', cert, '-extfile', extensions];
    openssl(
      'ca',
      '-batch',
      '-notext',
      '-preserveDN',
      '-config',
      this.#at('ca.cnf'),
      ...dates,
      ...files,
    );
    return { cert, key };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #at(name: string): string {
    return join(this.folder, name);
  }

  #configuration(): string {
    return `[ca]
default_ca = own
[own]
database = ${this.#at('index.txt')}
new_certs_dir = ${this.folder}
certificate = ${this.certificate}
private_key = ${this.#at('authority.key')}
rand_serial = yes
default_md = sha256
policy = any
unique_subject = no
[any]
`;
  }
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

const DATES = {
  now: [utcTime(-1), utcTime(2)],
  long: [utcTime(-1), utcTime(30)],
  past: [utcTime(-3), utcTime(-1)],
  future: [utcTime(1), utcTime(2)],
} as const;

/** As openssl takes it; days from now. */
function utcTime(days: number): string {
  const time = new Date(Date.now() + days * 86_400_000).toISOString();
  return time.replace(/\.\d+|[-:T]/g, '');
}

function openssl(...args: string[]): void {
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
