// Grants, users, tokens, and questions about them.
import { Type } from 'typebox';
import { parsePattern, type Grant, type RoleBinding as Binding } from '../../domain/access.ts';
import { SecretValue } from '../../domain/secret-value.ts';
import { SecretregError } from '../../errors.ts';
import {
  ActionName,
  Decision,
  Grant as GrantBody,
  GrantInfo,
  Identity,
  MadeToken,
  NewPassword,
  NewToken,
  NewUser,
  PathName,
  PatternType,
  PrincipalName,
  Question,
  RoleName,
  type RoleBindingBody,
  TokenInfo,
  UserInfo,
} from '../../rest/schemas.ts';
import { pathOf, principalOf, timeOf } from '../names.ts';
import { type Route, route } from '../route.ts';

const strict = { additionalProperties: false };
const OfPrincipal = Type.Object({ principal: Type.Optional(PrincipalName) }, strict);

export const accessRoutes: readonly Route[] = [
  route({
    method: 'GET',
    url: '/access/whoami',
    action: 'own',
    operationId: 'whoami',
    summary: 'Who the caller is, how that was proved, and its grants',
    schema: { answer: Identity },
    errors: [],
    handler: async (_, { access }) => ({ body: await access.whoami() }),
  }),
  route({
    method: 'GET',
    url: '/access/grants',
    action: 'own',
    operationId: 'listGrants',
    summary: "The caller's own grants, and those that it may give",
    schema: { query: OfPrincipal, answer: Type.Array(GrantInfo) },
    errors: ['bad-principal'],
    handler: async ({ query }, { access }) => ({ body: await access.grants(filterOf(query)) }),
  }),
  route({
    method: 'POST',
    url: '/access/grants',
    action: 'grant',
    operationId: 'grant',
    summary: 'Gives a role; one that is there already is answered as it is',
    schema: { body: GrantBody, answer: GrantInfo },
    errors: ['bad-principal', 'bad-grant'],
    handler: async ({ body }, { access }) => ({
      body: await access.grant({ principal: principalOf(body.principal), ...bindingOf(body) }),
    }),
  }),
  route({
    method: 'DELETE',
    url: '/access/grants',
    action: 'grant',
    operationId: 'revoke',
    summary: 'Takes a role away',
    schema: {
      query: Type.Object(
        {
          principal: PrincipalName,
          role: RoleName,
          patternType: Type.Optional(PatternType),
          name: Type.Optional(Type.String()),
        },
        strict,
      ),
      answer: 'nothing',
    },
    errors: ['bad-principal', 'bad-grant', 'grant-not-found'],
    async handler({ query }, { access }) {
      const { principal, role, patternType = 'LITERAL', name } = query;
      if (name === undefined && query.patternType !== undefined)
        throw new SecretregError('bad-grant', { reason: 'a pattern needs a name' });
      const resource = name === undefined ? {} : { resource: { patternType, name } };
      const grant: Grant = {
        principal: principalOf(principal),
        ...bindingOf({ role, ...resource }),
      };
      await access.revoke(grant);
      return {};
    },
  }),
  route({
    method: 'GET',
    url: '/access/users',
    action: 'credentials',
    operationId: 'listUsers',
    summary: 'Every user that has credentials here',
    schema: { answer: Type.Array(UserInfo) },
    errors: [],
    handler: async (_, { access }) => ({ body: await access.users() }),
  }),
  route({
    method: 'POST',
    url: '/access/users',
    action: 'credentials',
    operationId: 'createUser',
    summary: 'Makes a user, with a password or without',
    schema: { body: NewUser, answer: UserInfo },
    errors: ['bad-principal', 'bad-password', 'user-exists'],
    async handler({ body }, { access }) {
      const password = body.password === undefined ? undefined : SecretValue.of(body.password);
      return { body: await access.createUser(principalOf(body.principal), password) };
    },
  }),
  route({
    method: 'PUT',
    url: '/access/users/:principal/password',
    action: 'own',
    operationId: 'setPassword',
    summary: 'Sets or changes a password; tokens that its user made with the old one end',
    schema: { body: NewPassword, answer: UserInfo },
    errors: ['bad-password', 'user-not-found'],
    handler: async ({ params, body }, { access }) => ({
      body: await access.setPassword(params.principal, SecretValue.of(body.password)),
    }),
  }),
  route({
    method: 'DELETE',
    url: '/access/users/:principal',
    action: 'credentials',
    operationId: 'deleteUser',
    summary: 'Removes a user with its grants and tokens',
    schema: { answer: 'nothing' },
    errors: ['user-not-found'],
    async handler({ params }, { access }) {
      await access.deleteUser(params.principal);
      return {};
    },
  }),
  route({
    method: 'GET',
    url: '/access/tokens',
    action: 'own',
    operationId: 'listTokens',
    summary: "The caller's own tokens, or with the right to credentials everybody's",
    schema: { query: OfPrincipal, answer: Type.Array(TokenInfo) },
    errors: ['bad-principal'],
    handler: async ({ query }, { access }) => ({ body: await access.tokens(filterOf(query)) }),
  }),
  route({
    method: 'POST',
    url: '/access/tokens',
    action: 'own',
    operationId: 'createToken',
    summary: 'Makes a token, which is told this once',
    schema: { body: NewToken, answer: MadeToken },
    errors: ['bad-principal', 'bad-grant', 'bad-token'],
    async handler({ body }, { access }) {
      const { principal, expiresAt, limit, grant, ...rest } = body;
      const made = await access.createToken({
        ...rest,
        ...(principal !== undefined && { principal: principalOf(principal) }),
        ...(expiresAt !== undefined && { expiresAt: timeOf(expiresAt) }),
        ...(limit && { limit: bindingOf(limit) }),
        ...(grant && { grant: bindingOf(grant) }),
      });
      return { body: { ...made, token: made.token.reveal() } };
    },
  }),
  route({
    method: 'DELETE',
    url: '/access/tokens/:id',
    action: 'own',
    operationId: 'revokeToken',
    summary: 'Ends a token',
    schema: { answer: 'nothing' },
    errors: ['token-not-found'],
    async handler({ params }, { access }) {
      await access.revokeToken(params.id);
      return {};
    },
  }),
  route({
    method: 'POST',
    url: '/access/check',
    action: 'own',
    operationId: 'check',
    summary:
      'Whether a principal, or the caller, may do something on a path or on every one, and which grant says so',
    schema: { body: Question, answer: Decision },
    errors: ['bad-principal', 'bad-path'],
    handler: async ({ body }, { access }) => ({
      body: await access.check({
        action: body.action,
        ...(body.principal !== undefined && { principal: principalOf(body.principal) }),
        ...(body.path !== undefined && { path: pathOf(body.path) }),
      }),
    }),
  }),
  route({
    method: 'GET',
    url: '/access/who-can',
    action: 'grant',
    operationId: 'whoCan',
    summary: 'Every grant that allows something, on a path or on any',
    schema: {
      query: Type.Object({ action: ActionName, path: Type.Optional(PathName) }, strict),
      answer: Type.Array(GrantInfo),
    },
    errors: ['bad-path'],
    async handler({ query }, { access }) {
      const path = query.path === undefined ? undefined : pathOf(query.path);
      return { body: await access.whoCan(query.action, path) };
    },
  }),
];

function filterOf({ principal }: { principal?: string }) {
  return principal === undefined ? {} : { principal: principalOf(principal) };
}

/** Fails with bad-grant. */
function bindingOf({ role, resource }: RoleBindingBody): Binding {
  if (resource === undefined) return { role };
  const pattern = parsePattern(resource.name, resource.patternType);
  if (!pattern.ok)
    throw new SecretregError('bad-grant', { reason: `its resource ${pattern.problem}` });
  return { role, resource: pattern.value };
}
