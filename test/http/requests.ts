// A request that is right for each route.
import type { Route } from '../../src/http/route.ts';
import { on } from '../contract/access.contract.ts';

/** A body that is right, for each route that takes one. */
export const BODIES: Record<string, unknown> = {
  writeVersion: { secret: 'a value' },
  writeKeys: { secrets: { password: 'a value' } },
  writeSecrets: { writes: [{ path: 'orders', key: 'password', secret: 'a value' }] },
  changeMetadata: { owner: 'somebody' },
  validate: { files: [] },
  checkValues: { questions: [{ key: 'password', surroundings: 'url-password' }] },
  startRotation: { kid: 'f'.repeat(32) },
  grant: { principal: 'User:friend', role: 'DeveloperRead', resource: on('orders') },
  createUser: { principal: 'User:friend' },
  setPassword: { password: 'a long enough password' },
  createToken: {},
  check: { action: 'read', path: 'orders' },
};
const QUERIES: Record<string, string> = {
  revoke: '?principal=User:friend&role=DeveloperRead&patternType=LITERAL&name=orders',
  whoCan: '?action=read&path=orders',
};

export function urlOf(route: Route, pathText: string): string {
  const parts: Record<string, string> = {
    ':path': pathText,
    ':key': 'password',
    ':version': '1',
    ':principal': 'User:stranger',
    ':id': '0123456789abcdef',
  };
  const url = route.url.replace(/:[a-z]+/g, (part) => parts[part] ?? part);
  return url + (QUERIES[route.operationId] ?? '');
}
