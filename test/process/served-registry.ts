// A registry for a server that is a process of its own: its key lies where the server looks, and one principal may do all.
import { accessAdminFor } from '../../src/registry/access-admin.ts';
import { user } from '../contract/access.contract.ts';
import { caller, init, key, keyText } from '../registry/fixture.ts';
import type { CommandLine } from './command-line.ts';
import { openFile, real, storeAt } from './rotation-registry.ts';

/** Makes the registry; answers a token of a SystemAdmin. */
export async function initServed(line: CommandLine, place: string): Promise<string> {
  line.file('master.key', `${keyText()}\n`);
  await init(await storeAt(place), real);
  const { core, close } = await openFile(place, { key: key() });
  const made = await accessAdminFor(core, caller).createToken({
    principal: user('admin'),
    grant: { role: 'SystemAdmin' },
  });
  await close();
  return made.token.reveal();
}

export interface Answer {
  status: number;
  headers: Headers;
  json: unknown;
}

/** One request with a token. */
export async function ask(
  url: string,
  token: string,
  method: string,
  { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json');
  return {
    status: response.status,
    headers: response.headers,
    json: isJson ? (JSON.parse(text) as unknown) : undefined,
  };
}
