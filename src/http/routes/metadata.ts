import { Metadata, MetadataPatch } from '../../rest/schemas.ts';
import { type Route, route } from '../route.ts';

export const metadataRoutes: readonly Route[] = [
  route({
    method: 'GET',
    url: '/secret/paths/:path/keys/:key/metadata',
    action: 'list',
    operationId: 'readMetadata',
    summary: 'What is known of a key beside its values',
    schema: { answer: Metadata },
    errors: ['path-not-found', 'key-not-found'],
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
    errors: ['bad-metadata', 'path-not-found', 'key-not-found'],
    hasOwnParser: true,
    async handler({ params, body }, { registry }) {
      return { body: await registry.setMetadata(params.path, params.key, body) };
    },
  }),
];
