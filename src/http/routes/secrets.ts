// Reading and listing: seven of the eleven endpoints of Confluent's Connect Secret Registry.
import { Type } from 'typebox';
import {
  Flag,
  KeyInfo,
  KeyName,
  SecretVersion,
  type SecretVersionBody,
  VersionNumber,
} from '../../rest/schemas.ts';
import { keyOf } from '../names.ts';
import { type Answer, type Route, route } from '../route.ts';
import type { SecretVersion as Secret } from '../../domain/registry.ts';
import { isSet, keysOf, secretBody } from './wire.ts';

const strict = { additionalProperties: false };
const ListQuery = Type.Object(
  {
    deleted: Type.Optional(Flag),
    expand: Type.Optional(Type.Enum(['versions'], { type: 'string' })),
  },
  strict,
);
const Names = Type.Array(Type.String());
const Keys = Type.Array(KeyInfo);
const Secrets = Type.Array(SecretVersion);

export const secretRoutes: readonly Route[] = [
  route({
    method: 'GET',
    url: '/secret/paths',
    action: 'listPaths',
    operationId: 'listPaths',
    summary: 'The paths that the caller may see; with expand=versions their keys',
    schema: { query: ListQuery, answer: Type.Union([Names, Keys]) },
    errors: [],
    async handler({ query }, { registry }) {
      const options = { deleted: isSet(query.deleted) };
      return query.expand === undefined
        ? { body: await registry.paths(options) }
        : { body: await registry.listPaths(options) };
    },
  }),
  route({
    method: 'GET',
    url: '/secret/paths/:path',
    action: 'read',
    operationId: 'readPath',
    summary: 'The latest version of each key of a path, or of the named ones, with its value',
    schema: {
      query: Type.Object({ key: Type.Optional(Type.Array(KeyName)) }, strict),
      answer: Secrets,
    },
    errors: ['bad-key', 'path-not-found'],
    async handler({ params, query }, { registry }) {
      const found = await registry.readPath(params.path, query.key?.map(keyOf));
      return { body: found.map(secretBody) };
    },
  }),
  route({
    method: 'GET',
    url: '/secret/paths/:path/keys',
    action: 'list',
    operationId: 'listKeys',
    summary: 'The keys of a path; with expand=versions what is known of them',
    schema: { query: ListQuery, answer: Type.Union([Names, Keys]) },
    errors: ['path-not-found'],
    async handler({ params, query }, { registry }) {
      const found = await registry.listKeys(params.path, { deleted: isSet(query.deleted) });
      return { body: query.expand === undefined ? keysOf(found) : found };
    },
  }),
  route({
    method: 'GET',
    url: '/secret/paths/:path/keys/:key',
    action: 'read',
    operationId: 'readKey',
    summary: 'Every enabled version of a key, ascending, with its value',
    schema: { answer: Secrets },
    errors: ['path-not-found', 'key-not-found'],
    async handler({ params }, { registry }) {
      const found = await registry.readKey(params.path, params.key);
      return { body: found.map(secretBody) };
    },
  }),
  route({
    method: 'GET',
    url: '/secret/paths/:path/keys/:key/versions',
    action: 'list',
    operationId: 'listVersions',
    summary:
      'The numbers of the enabled versions of a key; with expand=versions what is known of it',
    schema: { query: ListQuery, answer: Type.Union([Type.Array(VersionNumber), KeyInfo]) },
    errors: ['path-not-found', 'key-not-found'],
    async handler({ params, query }, { registry }) {
      const { path, key } = params;
      const found = await registry.listVersions(path, key, { deleted: isSet(query.deleted) });
      return {
        body: query.expand === undefined ? found.versions.map(({ version }) => version) : found,
      };
    },
  }),
  route({
    method: 'GET',
    url: '/secret/paths/:path/keys/:key/versions/latest',
    action: 'read',
    operationId: 'readLatest',
    summary: 'The highest enabled version of a key with its value',
    schema: { answer: SecretVersion, answerHeaders: ['ETag'] },
    errors: ['path-not-found', 'key-not-found', 'version-deleted'],
    async handler({ params }, { registry }) {
      return one(await registry.read(params.path, params.key, 'latest'));
    },
  }),
  route({
    method: 'GET',
    url: '/secret/paths/:path/keys/:key/versions/:version',
    action: 'read',
    operationId: 'readVersion',
    summary: 'One version with its value',
    schema: { answer: SecretVersion, answerHeaders: ['ETag'] },
    errors: ['path-not-found', 'key-not-found', 'version-not-found', 'version-deleted'],
    async handler({ params }, { registry }) {
      return one(await registry.read(params.path, params.key, params.version));
    },
  }),
];

function one(found: Secret): Answer<SecretVersionBody> {
  return { body: secretBody(found), headers: { etag: `"${found.version}"` } };
}
