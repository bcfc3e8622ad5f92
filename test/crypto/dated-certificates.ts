// Certificates that end when a test says, made by openssl.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export class DatedCertificates {
  readonly #folder: string;
  #count = 0;

  /** In a folder that is empty, and removed by the test. */
  constructor(folder: string) {
    this.#folder = folder;
    writeFileSync(this.#at('ca.conf'), CONFIG.replaceAll('FOLDER', folder));
    writeFileSync(this.#at('index.txt'), '');
    openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', this.#at('key.pem'));
  }

  /** A self-signed certificate in PEM. `end` such as `20300131120000Z`, which openssl writes as it is. */
  pem(end: string): string {
    this.#count += 1;
    const [request, out] = [`${this.#count}.csr`, `${this.#count}.crt`].map((name) =>
      this.#at(name),
    );
    const subject = `/CN=certificate ${this.#count}`;
    openssl('req', '-new', '-key', this.#at('key.pem'), '-subj', subject, '-out', request ?? '');
    openssl(
      ...['ca', '-batch', '-notext', '-selfsign', '-config', this.#at('ca.conf')],
      ...['-keyfile', this.#at('key.pem'), '-in', request ?? '', '-out', out ?? ''],
      ...['-startdate', '20200101000000Z', '-enddate', end],
    );
    return readFileSync(out ?? '', 'utf8');
  }

  /** The private key of all of them. */
  key(): string {
    return readFileSync(this.#at('key.pem'), 'utf8');
  }

  /** Certificate and key as a PKCS #12 store. */
  pkcs12(pem: string): Buffer {
    writeFileSync(this.#at('store.crt'), pem);
    openssl(
      ...['pkcs12', '-export', '-inkey', this.#at('key.pem'), '-in', this.#at('store.crt')],
      ...['-passout', 'pass:changeit', '-out', this.#at('store.p12')],
    );
    return readFileSync(this.#at('store.p12'));
  }

  #at(name: string): string {
    return join(this.#folder, name);
  }
}

const CONFIG = `
[ca]
default_ca = own
[own]
database = FOLDER/index.txt
new_certs_dir = FOLDER
rand_serial = yes
unique_subject = no
default_md = sha256
policy = any
[any]
commonName = supplied
`;

function openssl(...args: string[]): void {
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
