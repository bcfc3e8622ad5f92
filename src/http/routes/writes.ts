// Writing, deleting and restoring: the other four of the eleven endpoints, and ours beside them.
import { type Static, Type } from 'typebox';
import type { Target, VersionInfo as Version } from '../../domain/registry.ts';
import { WRITES_LIMIT } from '../../rest/limits.ts';
import {
  Flag,
  NewSecrets,
  NewVersion,
  VersionInfo,
  VersionNumber,
  Writes,
  Written,
} from '../../rest/schemas.ts';
import { versionUrl } from '../../rest/url.ts';
import { conditionOf } from '../conditions.ts';
import { keyOf, pathOf } from '../names.ts';
import { type Route, route, type Services } from '../route.ts';
import { isSet, keysOf, valueFor, writtenBody } from './wire.ts';

const strict = { additionalProperties: false };
const ForceQuery = Type.Object({ force: Type.Optional(Flag) }, strict);
const DeleteQuery = Type.Object(
  {
    permanent: Type.Optional(Flag),
    expand: Type.Optional(Type.Enum(['versions'], { type: 'string' })),
  },
  strict,
);
const Conditions = Type.Object({
  'if-match': Type.Optional(Type.String({ pattern: '^"[1-9][0-9]{0,14}"$', examples: ['"3"'] })),
  'if-none-match': Type.Optional(Type.Enum(['*'], { type: 'string' })),
});
const Versions = Type.Array(VersionInfo);
const refusedValues = ['value-empty', 'value-looks-masked', 'value-too-large'] as const;

export const writeRoutes: readonly Route[] = [
  route({
    method: 'POST',
    url: '/secret/paths/:path/keys/:key/versions',
    action: 'write',
    operationId: 'writeVersion',
    summary: 'Writes the next version of a key; If-Match and If-None-Match say over what',
    schema: {
      query: ForceQuery,
      headers: Conditions,
      body: NewVersion,
      answer: Written,
      answerHeaders: ['ETag', 'Location'],
    },
    errors: [...refusedValues, 'version-moved-on'],
    async handler({ params, query, body, headers }, { registry }) {
      const onlyOver = conditionOf(headers, params);
      const value = valueFor(params, body.secret, isSet(query.force));
      const { path, key } = params;
      const [written] = await registry.write([{ path, key, value, ...onlyOver }]);
      if (written === undefined) return {};
      const { version } = written;
      return {
        body: writtenBody(written),
        headers: { location: versionUrl(path, key, version), etag: `"${version}"` },
      };
    },
  }),
  route({
    method: 'POST',
    url: '/secret/paths/:path',
    action: 'write',
    operationId: 'writeKeys',
    summary: 'Writes the next version of several keys of a path, all or none',
    schema: { query: ForceQuery, body: NewSecrets, answer: Type.Array(Written) },
    errors: ['bad-key', ...refusedValues],
    async handler({ params: { path }, query, body }, { registry }) {
      const writes = Object.entries(body.secrets).map(([name, text]) => {
        const key = keyOf(name);
        return { path, key, value: valueFor({ path, key }, text, isSet(query.force)) };
      });
      return { body: (await registry.write(writes)).map(writtenBody) };
    },
  }),
  route({
    method: 'POST',
    url: '/secret/writes',
    action: 'write',
    operationId: 'writeSecrets',
    summary: 'Writes secrets of several paths, all or none',
    schema: { query: ForceQuery, body: Writes, answer: Type.Array(Written) },
    errors: ['bad-path', 'bad-key', ...refusedValues, 'version-moved-on'],
    bodyLimit: WRITES_LIMIT,
    async handler({ query, body }, { registry }) {
      const writes = body.writes.map(({ path, key, secret, onlyOver }) => {
        const place = { path: pathOf(path), key: keyOf(key) };
        return {
          ...place,
          value: valueFor(place, secret, isSet(query.force)),
          ...(onlyOver !== undefined && { onlyOver: onlyOver as 'none' | Version['version'] }),
        };
      });
      return { body: (await registry.write(writes)).map(writtenBody) };
    },
  }),
  route({
    method: 'DELETE',
    url: '/secret/paths/:path/keys/:key/versions/:version',
    action: 'delete',
    operationId: 'deleteVersion',
    summary: 'Hides a version, or with permanent=true destroys it; answers its number',
    schema: { query: DeleteQuery, answer: Type.Union([VersionNumber, Versions]) },
    errors: ['path-not-found', 'key-not-found', 'version-not-found', 'version-deleted'],
    async handler({ params, query }, services) {
      const gone = await remove(params, query, services);
      return { body: query.expand === undefined ? params.version : gone };
    },
  }),
  route({
    method: 'DELETE',
    url: '/secret/paths/:path/keys/:key',
    action: 'delete',
    operationId: 'deleteKey',
    summary:
      'Hides the versions of a key, or with permanent=true destroys them; answers their numbers',
    schema: { query: DeleteQuery, answer: Type.Union([Type.Array(VersionNumber), Versions]) },
    errors: ['path-not-found', 'key-not-found'],
    async handler({ params, query }, services) {
      const gone = await remove(params, query, services);
      return { body: query.expand === undefined ? gone.map(({ version }) => version) : gone };
    },
  }),
  route({
    method: 'DELETE',
    url: '/secret/paths/:path',
    action: 'delete',
    operationId: 'deletePath',
    summary: 'Hides every key of a path, or with permanent=true destroys them; answers their names',
    schema: { query: DeleteQuery, answer: Type.Union([Type.Array(Type.String()), Versions]) },
    errors: ['path-not-found'],
    async handler({ params, query }, services) {
      const gone = await remove(params, query, services);
      return { body: query.expand === undefined ? keysOf(gone) : gone };
    },
  }),
  route({
    method: 'POST',
    url: '/secret/paths/:path/keys/:key/versions/:version/restore',
    action: 'write',
    operationId: 'restoreVersion',
    summary: 'Undoes the delete of a version',
    schema: { answer: Versions },
    errors: ['path-not-found', 'key-not-found', 'version-not-found', 'nothing-to-restore'],
    async handler({ params }, { registry }) {
      return { body: await registry.restore(params) };
    },
  }),
  route({
    method: 'POST',
    url: '/secret/paths/:path/keys/:key/restore',
    action: 'write',
    operationId: 'restoreKey',
    summary: 'Undoes the whole last delete in a key',
    schema: { answer: Versions },
    errors: ['path-not-found', 'key-not-found', 'nothing-to-restore'],
    async handler({ params }, { registry }) {
      return { body: await registry.restore(params) };
    },
  }),
  route({
    method: 'POST',
    url: '/secret/paths/:path/restore',
    action: 'write',
    operationId: 'restorePath',
    summary: 'Undoes the whole last delete in a path',
    schema: { answer: Versions },
    errors: ['path-not-found', 'nothing-to-restore'],
    async handler({ params }, { registry }) {
      return { body: await registry.restore(params) };
    },
  }),
];

function remove(
  target: Target,
  query: Static<typeof DeleteQuery>,
  { registry }: Services,
): Promise<Version[]> {
  return registry.delete(target, { permanent: isSet(query.permanent) });
}
