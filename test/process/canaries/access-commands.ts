// The commands about who may do what, who asks, and what the audit has, with secrets in all that they take.
import { type Line, local, type Material } from './commands.ts';

export function accessLines({ secret, argument }: Material): Record<string, Line[]> {
  const user = (...words: string[]) => ['access', 'user', ...words];
  return {
    audit: [{ args: ['audit', '-o', 'jsonl'], ends: 0 }],
    'audit verify': [{ args: ['audit', 'verify'], ends: local(0) }],
    'audit head': [{ args: ['audit', 'head'], ends: local(0) }],
    'audit prune': [
      {
        args: ['audit', 'prune', '--before', '1d', '--yes'],
        ends: { file: 0, topic: 1, REST: 2 },
      },
    ],
    'audit key export': [
      { args: ['audit', 'key', 'export', 'out.audit.key'], ends: local(0), gives: 'out.audit.key' },
    ],
    'access grant': [
      { args: ['access', 'grant', 'User:rita', 'DeveloperRead', 'orders'], ends: 0 },
    ],
    'access revoke': [
      { args: ['access', 'revoke', 'User:rita', 'DeveloperRead', 'orders'], ends: 0 },
      { args: ['access', 'revoke', 'User:rita', 'DeveloperRead', 'orders'], ends: 1 },
    ],
    'access grants': [{ args: ['access', 'grants', '-o', 'json'], ends: 0 }],
    'access user create': [
      { args: user('create', 'User:bert', '-'), input: secret('PASSWORD'), ends: 0 },
      { args: user('create', 'User:bert', '-'), input: secret('PASSWORD-AGAIN'), ends: 1 },
      { args: user('create', 'User:b', argument('PASSWORD-ARGUMENT')), ends: 2 },
    ],
    'access user password': [
      { args: user('password', 'User:bert', '-'), input: secret('PASSWORD-CHANGED'), ends: 0 },
      { args: user('password', 'User:none', '-'), input: secret('OF-NOBODY'), ends: 1 },
    ],
    'access user list': [{ args: user('list', '-o', 'json'), ends: 0 }],
    'access user delete': [{ args: user('delete', 'User:bert', '--yes'), ends: 0 }],
    'access token create': [
      {
        args: ['access', 'token', 'create', '--principal', 'User:rita'],
        ends: 0,
        gives: 'stdout',
        learns: 'TOKEN',
      },
      {
        args: ['access', 'token', 'create', '--principal', 'User:rita', '-O', 'out.token'],
        ends: 0,
        gives: 'out.token',
      },
    ],
    'access token list': [{ args: ['access', 'token', 'list', '-o', 'json'], ends: 0 }],
    'access token revoke': [
      { args: ['access', 'token', 'revoke', argument('NO-TOKEN')], ends: 1 },
      {
        args: ['access', 'token', 'revoke', `srt_0123456789abcdef_${argument('WHOLE-TOKEN')}`],
        ends: 1,
      },
    ],
    'access check': [{ args: ['access', 'check', 'read', 'orders'], ends: 0 }],
    'access who-can': [{ args: ['access', 'who-can', 'read', 'orders'], ends: 0 }],
    whoami: [{ args: ['whoami'], ends: 0 }],
    'context set': [
      { args: ['context', 'set', 'one', '--registry', 'file:one.db'], ends: 0 },
      {
        args: ['context', 'set', 'two', '--registry', `https://u:${argument('IN-URL')}@localhost`],
        ends: 78,
      },
    ],
    'context use': [{ args: ['context', 'use', '--none'], ends: 0 }],
    'context list': [{ args: ['context', 'list', '-o', 'json'], ends: 0 }],
    'context show': [{ args: ['context', 'show', 'one'], ends: 0 }],
    'context remove': [{ args: ['context', 'remove', 'one'], ends: 0 }],
  };
}
