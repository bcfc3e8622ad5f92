import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Action,
  ACTIONS,
  allowing,
  covers,
  type Grant,
  includes,
  isResourceRole,
  mayGrant,
  parsePattern,
  parsePrincipal,
  parseRole,
  type Principal,
  type ResourcePattern,
  type Role,
  type RoleBinding,
  ROLES,
  showBinding,
} from '../../src/domain/access.ts';
import { path } from '../registry/fixture.ts';
import { checkProperty } from '../crypto/property.ts';
import { cpuTime } from '../cpu-time.ts';

/** The table of the documentation: which columns a role has. */
const TABLE: Record<Role, string> = {
  //             read write delete configure list listPaths grant credentials rotate audit
  SystemAdmin: '   y    y     y      y        y       y       y        y         y     y',
  UserAdmin: '     -    y     y      -        y       y       y        -         -     -',
  SecurityAdmin: ' -    -     -      -        -       y       -        -         y     y',
  ResourceOwner: ' y    y     y      y        y       y       y        -         -     -',
  DeveloperManage: '-    -     y      y        y       y       -        -         -     -',
  DeveloperWrite: '-    y     -      -        y       y       -        -         -     -',
  DeveloperRead: ' y    -     -      -        y       y       -        -         -     -',
  Operator: '      -    -     -      -        y       y       -        -         -     -',
  AuditAdmin: '    -    -     -      -        -       -       -        -         -     y',
};

const literal = (name: string): ResourcePattern => ({ patternType: 'LITERAL', name });
const prefixed = (name: string): ResourcePattern => ({ patternType: 'PREFIXED', name });
const alice = 'User:alice' as Principal;
const bob = 'User:bob' as Principal;

test.each(ROLES)('%s allows what the table says', (role) => {
  const columns = TABLE[role].trim().split(/ +/);
  const binding = isResourceRole(role) ? { role, resource: literal('orders') } : { role };
  for (const [i, action] of ACTIONS.entries()) {
    const on = (name: string) => allowing([binding], action, path(name)) !== undefined;
    expect([action, on('orders')]).toEqual([action, columns[i] === 'y']);
    expect([action, on('other')]).toEqual([action, columns[i] === 'y' && !isResourceRole(role)]);
    expect(allowing([binding], action) !== undefined).toBe(on('other'));
  }
});

test('a role on secrets allows nothing without a path, nor without its resource', () => {
  const everything: RoleBinding = { role: 'ResourceOwner', resource: literal('*') };
  const prefix: RoleBinding = { role: 'ResourceOwner', resource: prefixed('o') };
  expect(allowing([everything, prefix], 'read')).toBeUndefined();
  expect(allowing([{ role: 'ResourceOwner' }], 'read', path('orders'))).toBeUndefined();
  expect(allowing([], 'read', path('orders'))).toBeUndefined();
});

test('the first binding that allows it is told', () => {
  const bindings: RoleBinding[] = [
    { role: 'Operator' },
    { role: 'DeveloperRead', resource: literal('other') },
    { role: 'DeveloperRead', resource: literal('orders') },
    { role: 'SystemAdmin' },
  ];
  expect(allowing(bindings, 'read', path('orders'))).toBe(bindings[2]);
  expect(allowing(bindings, 'read', path('third'))).toBe(bindings[3]);
});

test('roles on secrets are these', () => {
  expect(ROLES.filter(isResourceRole)).toEqual([
    'ResourceOwner',
    'DeveloperManage',
    'DeveloperWrite',
    'DeveloperRead',
  ]);
});

describe('where a grant counts', () => {
  test.each([
    [literal('orders'), 'orders', true],
    [literal('orders'), 'orders-eu', false],
    [literal('orders'), 'order', false],
    [literal('orders'), 'Orders', false],
    [literal('orders'), 'orders/a', false],
    [literal('orders/a'), 'orders/a', true],
    [literal('orders%2Fa'), 'orders/a', false],
    [literal('caf\u00e9'), 'caf\u00e9', true],
    [literal('*'), 'anything', true],
    [prefixed('orders-'), 'orders-eu', true],
    [prefixed('orders-'), 'orders-', true],
    [prefixed('orders-'), 'orders', false],
    [prefixed('orders-'), 'ORDERS-eu', false],
  ])('%o counts for %s: %s', (pattern, name, counts) => {
    expect(covers(pattern, path(name))).toBe(counts);
  });
});

test('a pattern includes another one if and only if it covers all that the other one does', () => {
  const names = ['a', 'aa', 'ab', 'b', 'ba', 'aba'];
  const pattern = fc.oneof(
    fc.constantFrom(...names, '*').map(literal),
    fc.constantFrom(...names).map(prefixed),
  );
  checkProperty('patterns', 3000, fc.tuple(pattern, pattern), ([outer, inner]) => {
    // A longer name than any of these stands for those that are yet to come.
    const all = [...names, ...names.flatMap((one) => names.map((two) => `${one}${two}zzz`)), 'zzz'];
    const coversAll = all.map(path).every((one) => !covers(inner, one) || covers(outer, one));
    expect(includes(outer, inner)).toBe(coversAll);
  });
});

describe('who may give which role', () => {
  const grant = (role: Role, resource?: ResourcePattern, principal = bob): Grant => ({
    principal,
    role,
    ...(resource && { resource }),
  });
  const owner: RoleBinding = { role: 'ResourceOwner', resource: prefixed('orders-') };
  test.each<[string, RoleBinding, Grant, boolean]>([
    ['SystemAdmin any', { role: 'SystemAdmin' }, grant('SystemAdmin'), true],
    ['SystemAdmin to itself', { role: 'SystemAdmin' }, grant('UserAdmin', undefined, alice), true],
    ['UserAdmin an owner', { role: 'UserAdmin' }, grant('ResourceOwner', literal('*')), true],
    ['UserAdmin a reader', { role: 'UserAdmin' }, grant('DeveloperRead', literal('orders')), true],
    ['UserAdmin an operator', { role: 'UserAdmin' }, grant('Operator'), true],
    ['UserAdmin an auditor', { role: 'UserAdmin' }, grant('AuditAdmin'), true],
    ['UserAdmin no SystemAdmin', { role: 'UserAdmin' }, grant('SystemAdmin'), false],
    ['UserAdmin no SecurityAdmin', { role: 'UserAdmin' }, grant('SecurityAdmin'), false],
    ['UserAdmin no UserAdmin', { role: 'UserAdmin' }, grant('UserAdmin'), false],
    [
      'UserAdmin nothing to itself',
      { role: 'UserAdmin' },
      grant('DeveloperRead', literal('orders'), alice),
      false,
    ],
    ['SecurityAdmin nothing', { role: 'SecurityAdmin' }, grant('Operator'), false],
    ['Operator nothing', { role: 'Operator' }, grant('Operator'), false],
    ['AuditAdmin nothing', { role: 'AuditAdmin' }, grant('AuditAdmin'), false],
    ['owner a reader', owner, grant('DeveloperRead', literal('orders-eu')), true],
    ['owner an owner', owner, grant('ResourceOwner', prefixed('orders-e')), true],
    ['owner the same prefix', owner, grant('ResourceOwner', prefixed('orders-')), true],
    ['owner no shorter prefix', owner, grant('DeveloperRead', prefixed('orders')), false],
    ['owner no sibling', owner, grant('DeveloperRead', literal('other')), false],
    ['owner not everything', owner, grant('DeveloperRead', literal('*')), false],
    ['owner no role on the registry', owner, grant('Operator'), false],
    ['owner to itself', owner, grant('DeveloperRead', literal('orders-eu'), alice), true],
    [
      'writer nothing',
      { role: 'DeveloperWrite', resource: literal('*') },
      grant('DeveloperWrite', literal('orders')),
      false,
    ],
  ])('%s', (_, binding, wanted, may) => {
    expect(mayGrant([binding], alice, wanted) !== undefined).toBe(may);
  });
});

test.each<[string, RoleBinding, Grant]>([
  [
    'an owner of nothing',
    { role: 'ResourceOwner' },
    { principal: bob, role: 'DeveloperRead', resource: literal('orders') },
  ],
  [
    'an owner of all, a role without its resource',
    { role: 'ResourceOwner', resource: literal('*') },
    { principal: bob, role: 'DeveloperRead' },
  ],
  [
    'an owner of nothing, the same',
    { role: 'ResourceOwner' },
    { principal: bob, role: 'Operator' },
  ],
])('%s: is given by nobody', (_, binding, grant) => {
  expect(mayGrant([binding], alice, grant)).toBeUndefined();
});

test.each([
  [prefixed('*'), prefixed('*'), true],
  [prefixed('*'), prefixed('*a'), true],
  [prefixed('*'), literal('*'), false],
  [literal('*'), prefixed('*'), true],
  [literal('a'), prefixed('*'), false],
])('%o includes %o, where the star is a letter of a prefix: %s', (outer, inner, does) => {
  expect(includes(outer, inner)).toBe(does);
});

/** Thirty lines that know nothing of the code: the rules read out of the table above. */
function oracle(grants: readonly RoleBinding[], action: Action, name: string): boolean {
  return grants.some(({ role, resource }) => {
    const columns = TABLE[role].trim().split(/ +/);
    if (columns[ACTIONS.indexOf(action)] !== 'y') return false;
    if (resource === undefined) return true;
    if (resource.patternType === 'PREFIXED') return name.indexOf(resource.name) === 0;
    return resource.name === '*' || resource.name === name;
  });
}

test('random grants give the answers of an oracle', () => {
  const names = ['orders', 'orders-eu', 'Orders', 'other', 'ord', 'orders/x', 'caf\u00e9'];
  const resource = fc.oneof(
    fc.constantFrom(...names, '*').map(literal),
    fc.constantFrom(...names).map(prefixed),
  );
  const binding = fc
    .tuple(fc.constantFrom(...ROLES), resource)
    .map(([role, where]) => (isResourceRole(role) ? { role, resource: where } : { role }));
  checkProperty(
    'grants',
    20_000,
    fc.tuple(
      fc.array(binding, { maxLength: 5 }),
      fc.constantFrom(...ACTIONS),
      fc.constantFrom(...names),
    ),
    ([grants, action, name]) => {
      const allowed = allowing(grants, action, path(name)) !== undefined;
      expect(allowed).toBe(oracle(grants, action, name));
    },
  );
});

describe('names of principals, roles and patterns', () => {
  test.each([
    ['User:alice', true],
    ['User:CN=connect,OU=a\\,b,O=x', true],
    ['User:a:b', true],
    ['alice', false],
    ['Group:x', false],
    ['User:', false],
    ['User: x', false],
    ['User:*', false],
    ['User:a\u0000b', false],
    ['user:alice', false],
    ['User:cafe\u0301', false],
  ])('%s: %s', (text, isOne) => {
    const parsed = parsePrincipal(text);
    expect(parsed.ok).toBe(isOne);
    if (parsed.ok) expect(parsed.value).toBe(text);
  });

  test.each([
    ['alice', "does not begin with 'User:'"],
    ['User:', 'has a name that is empty'],
    ['User: x', 'has a name that begins or ends with white space'],
  ])('what is wrong with the principal %j: it %s', (text, problem) => {
    expect(parsePrincipal(text)).toEqual({ ok: false, problem });
  });

  test.each(['{', '}', ':', '\\'])('a principal may be %s alone', (text) => {
    expect(parsePrincipal(`User:${text}`).ok).toBe(true);
  });

  test('a role has its exact name', () => {
    expect(parseRole('DeveloperRead').ok).toBe(true);
    expect(parseRole('developerread').ok).toBe(false);
    expect(parseRole('constructor')).toEqual({
      ok: false,
      problem:
        'is no role; there are SystemAdmin, UserAdmin, SecurityAdmin, Operator, AuditAdmin, ResourceOwner, ' +
        'DeveloperManage, DeveloperWrite, DeveloperRead',
    });
  });
  test.each([
    ['orders', 'LITERAL', true],
    ['*', 'LITERAL', true],
    ['*', 'PREFIXED', false],
    ['orders ', 'PREFIXED', true],
    ['orders  ', 'PREFIXED', true],
    [' orders', 'PREFIXED', false],
    ['a b', 'PREFIXED', true],
    ['orders ', 'LITERAL', false],
    ['', 'PREFIXED', false],
    ['a:b', 'LITERAL', false],
    [`a${' '.repeat(254)}`, 'PREFIXED', true],
    [`a${' '.repeat(255)}`, 'PREFIXED', false],
  ] as const)('pattern %s %s: %s', (name, patternType, isOne) => {
    const parsed = parsePattern(name, patternType);
    expect(parsed.ok).toBe(isOne);
    if (parsed.ok) expect(parsed.value).toEqual({ patternType, name });
  });
  test('a pattern as long as a body can be is refused in one pass', () => {
    const begun = cpuTime();
    expect(parsePattern(`${' '.repeat(1_000_000)}x`, 'PREFIXED').ok).toBe(false);
    // In milliseconds. From each blank to the last one it would be minutes.
    expect(cpuTime() - begun).toBeLessThan(2000);
  });

  test('a star is no prefix, and says why', () => {
    const problem = 'is every path already, as a LITERAL';
    expect(parsePattern('*', 'PREFIXED')).toEqual({ ok: false, problem });
  });

  test.each<[RoleBinding, string]>([
    [{ role: 'Operator' }, 'Operator'],
    [{ role: 'DeveloperRead', resource: literal('orders') }, 'DeveloperRead on orders'],
    [{ role: 'DeveloperRead', resource: prefixed('o-') }, 'DeveloperRead on PREFIXED o-'],
  ])('%o is told as %s', (binding, text) => {
    expect(showBinding(binding)).toBe(text);
  });
});
