import { Metadata, MetadataPatch } from '../../rest/schemas.ts';
import { timeOf } from '../names.ts';
import { type Route, route } from '../route.ts';

export const metadataRoutes: readonly Route[] = [
  route({
    method: 'GET',
    url: '/secret/paths/:path/keys/:key/metadata',
    action: 'list',
    operationId: 'readMetadata',
    summary: 'What is known of a key beside its values',
    schema: { answer: Metadata },
    errors: ['bad-path', 'bad-key', 'path-not-found', 'key-not-found'],
    async handler({ params }, { registry }) {
      return { body: await registry.metadata(params.path, params.key) };
    },
  }),
  route({
    method: 'PATCH',
    url: '/secret/paths/:path/keys/:key/metadata',
    action: 'write',
    operationId: 'changeMetadata',
    summary: 'Changes the named members (RFC 7396); null takes one away',
    schema: { body: MetadataPatch, answer: Metadata },
    errors: ['bad-path', 'bad-key', 'bad-metadata', 'path-not-found', 'key-not-found'],
    async handler({ params, body }, { registry }) {
      const { expiresAt } = body;
      const changes = {
        ...body,
        ...(typeof expiresAt === 'string' && { expiresAt: timeOf(expiresAt) }),
      };
      return { body: await registry.setMetadata(params.path, params.key, changes) };
    },
  }),
];
