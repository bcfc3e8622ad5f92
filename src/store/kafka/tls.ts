// Makes the TLS options of Node.js from `kafkastore.ssl.*`. Certificates and keys are checked here, before there is a
// connection, so that a mistake is reported with the name of its setting.
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { shellWord } from '../../domain/shell-word.ts';
import { type ClientSettings, invalid } from './client-settings.ts';
import { type PemBlock, pemBlocks, storeKindOf } from './pem.ts';
import type { SettingName } from './setting-names.ts';

export interface TlsOptions {
  options: Omit<ConnectionOptions, 'ca'> & { ca?: string[] };
  /** Of the client's certificate, as Kafka makes a principal of it: `CN=app,O=Example`. */
  subject?: string;
}

/** Fails with settings-invalid. */
export function tlsOptions(settings: ClientSettings): TlsOptions {
  const ca = authoritiesOf(settings);
  const client = clientCertificateOf(settings);
  return {
    options: {
      ...(ca && { ca }),
      ...client?.pair,
      ...hostCheckOf(settings),
      // NODE_TLS_REJECT_UNAUTHORIZED=0 does not count.
      rejectUnauthorized: true,
    },
    ...(client && { subject: client.subject }),
  };
}

/** undefined for those that Node.js brings along. */
function authoritiesOf(settings: ClientSettings): string[] | undefined {
  const source = sourceOf(
    settings,
    'ssl.truststore.certificates',
    'ssl.truststore.location',
    truststoreCommand,
  );
  if (source === undefined) return undefined;
  unneeded(settings, 'ssl.truststore.password');
  return certificatesOf(source).map(({ text }) => text);
}

function clientCertificateOf(
  settings: ClientSettings,
): { pair: Pick<ConnectionOptions, 'cert' | 'key' | 'passphrase'>; subject: string } | undefined {
  const file = sourceOf(settings, undefined, 'ssl.keystore.location', keystoreCommand);
  const chain = sourceOf(settings, 'ssl.keystore.certificate.chain') ?? file;
  const key = sourceOf(settings, 'ssl.keystore.key') ?? file;
  if (chain === undefined && key === undefined) return undefined;
  if (chain === undefined)
    throw invalid(
      'ssl.keystore.certificate.chain',
      'it is missing beside kafkastore.ssl.keystore.key',
    );
  if (key === undefined)
    throw invalid(
      'ssl.keystore.key',
      'it is missing beside kafkastore.ssl.keystore.certificate.chain',
    );
  unneeded(settings, 'ssl.keystore.password');
  const certificates = certificatesOf(chain);
  const block = key.blocks.find(({ label }) => label.endsWith('PRIVATE KEY'));
  if (block === undefined) throw invalid(key.name, 'there is no private key in it');
  const passphrase = settings.get('ssl.key.password');
  const own = new X509Certificate(certificates[0]?.text ?? '');
  if (!own.checkPrivateKey(openKey(key.name, block, passphrase)))
    throw invalid(
      key.name,
      "the key does not belong to the first certificate, which has to be the client's own",
    );
  const cert = certificates.map(({ text }) => text).join('');
  const pair = { cert, key: block.text, ...(passphrase !== undefined && { passphrase }) };
  return { pair, subject: own.subject.split('\n').toReversed().join(',') };
}

interface Source {
  name: SettingName;
  blocks: PemBlock[];
}

/** The text of a setting, or the file that another one names. */
function sourceOf(
  settings: ClientSettings,
  inline: SettingName | undefined,
  location?: SettingName,
  command: (kind: string, file: string) => string = () => '',
): Source | undefined {
  const text = inline && settings.get(inline);
  if (inline !== undefined && text !== undefined) return { name: inline, blocks: pemBlocks(text) };
  const file = location && settings.get(location);
  if (location === undefined || file === undefined) return undefined;
  const bytes = read(location, file);
  const kind = storeKindOf(bytes);
  if (kind !== 'unknown')
    throw invalid(
      location,
      `'${file}' is a ${kind} store, and PEM is what is read here`,
      command(kind, file),
    );
  return { name: location, blocks: pemBlocks(bytes.toString('latin1')) };
}

function read(name: SettingName, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code = 'no reason' } = error as NodeJS.ErrnoException;
    throw invalid(name, `'${file}' cannot be read (${code})`);
  }
}

function truststoreCommand(_kind: string, file: string): string {
  return `keytool -list -rfc -keystore ${shellWord(file)} > ${shellWord(asPem(file))}    (and kafkastore.ssl.truststore.location=${asPem(file)})`;
}

function keystoreCommand(kind: string, file: string): string {
  const pkcs12 = kind === 'PKCS12' ? file : `${asPem(file).slice(0, -4)}.p12`;
  const first =
    kind === 'PKCS12'
      ? ''
      : `keytool -importkeystore -srckeystore ${shellWord(file)} -destkeystore ${shellWord(pkcs12)} -deststoretype PKCS12 && `;
  return `${first}openssl pkcs12 -in ${shellWord(pkcs12)} -out ${shellWord(asPem(file))}    (and kafkastore.ssl.keystore.location=${asPem(file)}, with the pass phrase that it asks for as kafkastore.ssl.key.password)`;
}

function asPem(file: string): string {
  return `${file.replace(/\.(jks|p12|pfx|pkcs12|keystore|truststore)$/i, '')}.pem`;
}

function certificatesOf({ name, blocks }: Source): PemBlock[] {
  const certificates = blocks.filter(({ label }) => label.endsWith('CERTIFICATE'));
  if (certificates.length === 0)
    throw invalid(
      name,
      "there is no certificate in it (a block that begins with '-----BEGIN CERTIFICATE-----')",
    );
  for (const [index, { text }] of certificates.entries()) {
    if (!isCertificate(text))
      throw invalid(name, `its certificate number ${index + 1} cannot be read`);
  }
  return certificates;
}

function isCertificate(text: string): boolean {
  try {
    return new X509Certificate(text).subject !== undefined;
  } catch {
    return false;
  }
}

function openKey(name: SettingName, block: PemBlock, passphrase: string | undefined): KeyObject {
  const isEncrypted = block.label === 'ENCRYPTED PRIVATE KEY' || block.text.includes('ENCRYPTED');
  if (isEncrypted && passphrase === undefined)
    throw invalid(
      'ssl.key.password',
      `it is missing, and the key in kafkastore.${name} is encrypted`,
    );
  try {
    return createPrivateKey({ key: block.text, ...(passphrase !== undefined && { passphrase }) });
  } catch {
    if (isEncrypted)
      throw invalid('ssl.key.password', `it does not open the key in kafkastore.${name}`);
    throw invalid(name, 'its private key cannot be read');
  }
}

/** `https` is Kafka's default. */
function hostCheckOf(settings: ClientSettings): Pick<ConnectionOptions, 'checkServerIdentity'> {
  const name = 'ssl.endpoint.identification.algorithm';
  const algorithm = settings.get(name);
  if (algorithm === undefined && settings.has(name)) {
    settings.note(
      `kafkastore.${name} is empty: the name in a broker's certificate is not checked, so whoever has any certificate of the same authority can stand in for a broker`,
    );
    return { checkServerIdentity: () => undefined };
  }
  if (algorithm === undefined || algorithm.toLowerCase() === 'https') return {};
  throw invalid(name, "there is 'https', and nothing, which turns the check off");
}

function unneeded(settings: ClientSettings, name: SettingName): void {
  if (settings.get(name) !== undefined)
    settings.note(`kafkastore.${name} is not used: PEM has no password for a whole store`);
}
