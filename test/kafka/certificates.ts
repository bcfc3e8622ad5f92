// Certificates of a test: one authority, a broker and a client under it, and an authority that nobody trusts.
import { execFileSync } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Certificates {
  authority: string;
  /** Another one, under which nothing is. */
  stranger: string;
  /** Key and certificate in one file, as a broker's PEM store has them; for the names of `hosts`. */
  broker: string;
  /** The certificate and the encrypted key in one file. */
  client: string;
  clientCertificate: string;
  clientKey: string;
  /** Of the client's key. */
  password: string;
}

export function makeCertificates(folder: string, hosts = 'DNS:localhost'): Certificates {
  const at = (name: string) => join(folder, name);
  const password = 'password-of-the-key';
  selfSigned(at('authority'), '/CN=secretreg test authority');
  selfSigned(at('stranger'), '/CN=an authority that nobody trusts');
  signed(folder, 'broker', '/CN=broker', hosts);
  signed(folder, 'client', '/O=Example/CN=client', 'DNS:client');
  openssl(
    'pkcs8',
    '-topk8',
    '-in',
    at('client.key'),
    '-out',
    at('client-encrypted.key'),
    '-passout',
    `pass:${password}`,
  );
  writeFileSync(at('broker.pem'), readFileSync(at('broker.key'), 'utf8'));
  appendFileSync(at('broker.pem'), readFileSync(at('broker.crt'), 'utf8'));
  writeFileSync(at('client.pem'), readFileSync(at('client.crt'), 'utf8'));
  appendFileSync(at('client.pem'), readFileSync(at('client-encrypted.key'), 'utf8'));
  return {
    authority: at('authority.crt'),
    stranger: at('stranger.crt'),
    broker: at('broker.pem'),
    client: at('client.pem'),
    clientCertificate: at('client.crt'),
    clientKey: at('client-encrypted.key'),
    password,
  };
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

function selfSigned(place: string, subject: string): void {
  const files = ['-keyout', `${place}.key`, '-out', `${place}.crt`];
  openssl('req', '-x509', ...NEW_KEY, '-days', '2', '-subj', subject, ...files);
}

function signed(folder: string, name: string, subject: string, hosts: string): void {
  const at = (file: string) => join(folder, file);
  openssl(
    'req',
    ...NEW_KEY,
    '-subj',
    subject,
    '-keyout',
    at(`${name}.key`),
    '-out',
    at(`${name}.csr`),
  );
  writeFileSync(at(`${name}.ext`), `subjectAltName=${hosts}\n`);
  const authority = ['-CA', at('authority.crt'), '-CAkey', at('authority.key'), '-CAcreateserial'];
  const files = [
    '-in',
    at(`${name}.csr`),
    '-out',
    at(`${name}.crt`),
    '-extfile',
    at(`${name}.ext`),
  ];
  openssl('x509', '-req', '-days', '2', ...authority, ...files);
}

function openssl(...args: string[]): void {
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
