// Principals of a registry in a process of its own, for requests to a worker's port.
import { isResourceRole, type Role } from '../../src/domain/access.ts';
import type { ServedRegistry } from './served.ts';

/** The headers of a request by a principal who has this role, on each of the paths where it is one on paths. */
export async function logIn(
  registry: ServedRegistry,
  name: string,
  role: Role,
  ...paths: string[]
): Promise<Record<string, string>> {
  await grant(registry, name, role, ...paths);
  const made = await registry.admin('POST', '/access/tokens', { principal: `User:${name}` });
  return { authorization: `Bearer ${(made.json as { token: string }).token}` };
}

/** The same by a password. */
export async function logInByPassword(
  registry: ServedRegistry,
  { name, password }: { name: string; password: string },
  role: Role,
  ...paths: string[]
): Promise<Record<string, string>> {
  await registry.admin('POST', '/access/users', { principal: `User:${name}`, password });
  await grant(registry, name, role, ...paths);
  return { authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` };
}

async function grant(
  registry: ServedRegistry,
  name: string,
  role: Role,
  ...paths: string[]
): Promise<void> {
  const principal = `User:${name}`;
  await registry.admin('POST', '/access/users', { principal });
  const resources = isResourceRole(role)
    ? paths.map((path) => ({ resource: { patternType: 'LITERAL', name: path } }))
    : [{}];
  for (const resource of resources) {
    const { status, json } = await registry.admin('POST', '/access/grants', {
      principal,
      role,
      ...resource,
    });
    if (status >= 300) throw new Error(JSON.stringify(json));
  }
}
