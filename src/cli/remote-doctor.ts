// What an operator should know of a registry over REST, from this side of the connection.
import type { Client } from '../client/open-client.ts';
import { count } from '../domain/count.ts';
import { showBinding } from '../domain/access.ts';
import type { StoreFact } from '../store/store.ts';
import { programFact } from './doctor/settings-facts.ts';
import type { Io } from './io.ts';
import { clientFor } from './remote-client.ts';
import type { RemoteSettings } from './remote-settings.ts';
import { orFault, type Section } from './sections.ts';
import type { Settings } from './settings.ts';

const DAY_MS = 86_400_000;
/** An operator has to have time to renew a certificate. */
const SOON_DAYS = 21;
const CLOCK_TOLERANCE_MS = 30_000;

export async function remoteSections(
  io: Io,
  settings: Settings,
  remote: RemoteSettings,
): Promise<Section[]> {
  const client = clientFor(remote);
  try {
    const sections = [
      { name: 'settings', facts: settingsFacts(settings, remote) },
      { name: 'server', facts: await orFault(() => serverFacts(io, client)) },
    ];
    // A server that does not answer tells nothing more.
    if (sections[1]?.facts[0]?.state === 'fail') return sections;
    return [
      ...sections,
      { name: 'access', facts: await orFault(() => accessFacts(io, client)) },
      { name: 'registry', facts: await orFault(() => registryFacts(client)) },
    ];
  } finally {
    client.close();
  }
}

function settingsFacts(
  { registry }: Settings,
  { login, caFile, client }: RemoteSettings,
): StoreFact[] {
  const facts: StoreFact[] = [
    programFact(),
    { name: 'registry', state: 'ok', text: `${registry.value} (${registry.origin})` },
    loginFact(login, client !== undefined),
  ];
  if (caFile !== undefined)
    facts.push({ name: 'authority', state: 'ok', text: `${caFile.value} (${caFile.origin})` });
  if (client !== undefined)
    facts.push({
      name: 'client certificate',
      state: 'ok',
      text: `${client.cert.value} (${client.cert.origin})`,
    });
  return facts;
}

function loginFact(login: RemoteSettings['login'], hasCertificate: boolean): StoreFact {
  const name = 'log-in';
  switch (login?.kind) {
    case 'token-file':
      return { name, state: 'ok', text: `token in ${login.file.value} (${login.file.origin})` };
    case 'token':
      return { name, state: 'ok', text: `token (${login.token.origin})` };
    case 'basic':
      return {
        name,
        state: 'ok',
        text: `user ${login.user.value}, password in ${login.passwordFile.value} (${login.passwordFile.origin})`,
      };
    case undefined:
      return hasCertificate
        ? { name, state: 'ok', text: 'by the client certificate' }
        : { name, state: 'warn', text: 'none: SECRETREG_TOKEN_FILE=FILE, or --token-file FILE' };
  }
}

async function serverFacts(io: Io, { operations }: Client): Promise<StoreFact[]> {
  const { headers, certificate } = await operations.ready();
  const now = io.clock();
  const facts: StoreFact[] = [{ name: 'ready', state: 'ok', text: 'it answers, and is ready' }];
  if (certificate !== undefined) facts.push(certificateFact(certificate.valid_to, now));
  const date = Date.parse(headers.date ?? '');
  // The header has whole seconds: the middle of that second is compared.
  if (!Number.isNaN(date)) facts.push(clockFact(date + 500 - now.getTime()));
  return facts;
}

function certificateFact(end: string, now: Date): StoreFact {
  const days = Math.floor((Date.parse(end) - now.getTime()) / DAY_MS);
  return {
    name: 'certificate',
    state: days < SOON_DAYS ? 'warn' : 'ok',
    text: `ends at ${new Date(end).toISOString()}, in ${count(days, 'day')}`,
  };
}

function clockFact(ahead: number): StoreFact {
  const seconds = Math.round(Math.abs(ahead) / 1000);
  if (Math.abs(ahead) < CLOCK_TOLERANCE_MS)
    return { name: 'clock', state: 'ok', text: 'that of the server and this one agree' };
  const side = ahead > 0 ? 'ahead of' : 'behind';
  return {
    name: 'clock',
    state: 'warn',
    text: `that of the server is ${seconds} s ${side} this one`,
  };
}

async function accessFacts(io: Io, { access }: Client): Promise<StoreFact[]> {
  const { principal, mechanism, grants, token } = await access.whoami();
  const facts: StoreFact[] = [
    { name: 'principal', state: 'ok', text: `${principal}, by ${mechanism}` },
    {
      name: 'grants',
      state: grants.length === 0 ? 'warn' : 'ok',
      text: grants.length === 0 ? 'none: nothing is allowed' : grants.map(showBinding).join(', '),
    },
  ];
  if (token !== undefined) {
    const days = Math.floor((Date.parse(token.expiresAt) - io.clock().getTime()) / DAY_MS);
    facts.push({
      name: 'token',
      state: days < 7 ? 'warn' : 'ok',
      text: `${token.id}, ends at ${token.expiresAt}, in ${count(days, 'day')}`,
    });
  }
  return facts;
}

async function registryFacts({ operations }: Client): Promise<StoreFact[]> {
  const { storeId, format, position, counts } = await operations.registry();
  const { paths, keys, versions } = counts;
  return [
    { name: 'store id', state: 'ok', text: storeId },
    { name: 'format', state: 'ok', text: `${format}` },
    { name: 'commits', state: 'ok', text: `${position}` },
    {
      name: 'secrets',
      state: 'ok',
      text: `${count(paths, 'path')}, ${count(keys, 'key')}, ${count(versions, 'version')}`,
    },
  ];
}
