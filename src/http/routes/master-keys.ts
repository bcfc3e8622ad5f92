import { Type } from 'typebox';
import { MasterKeyInfo, NewRotation, Rotation } from '../../rest/schemas.ts';
import { SecretregError } from '../../errors.ts';
import { type Route, route } from '../route.ts';

export const masterKeyRoutes: readonly Route[] = [
  route({
    method: 'GET',
    url: '/master-keys',
    action: 'rotate',
    operationId: 'listMasterKeys',
    summary: 'How many records are under each master key',
    schema: { answer: Type.Array(MasterKeyInfo) },
    errors: [],
    handler: async (_, { caller, rotation }) => ({ body: await rotation.keys(caller) }),
  }),
  route({
    method: 'GET',
    url: '/master-keys/rotation',
    action: 'rotate',
    operationId: 'readRotation',
    summary: 'How far the last change of the master key that was asked of this server is',
    schema: { answer: Rotation },
    errors: ['no-rotation'],
    async handler(_, { caller, rotation }) {
      const progress = await rotation.status(caller);
      if (progress === undefined) throw new SecretregError('no-rotation', {});
      return { body: { ...progress } };
    },
  }),
  route({
    method: 'POST',
    url: '/master-keys/rotation',
    action: 'rotate',
    operationId: 'startRotation',
    summary: 'Begins to change the master key to one that this server was given',
    schema: { body: NewRotation, answer: Rotation },
    errors: ['master-key-not-held', 'rotation-running'],
    status: 202,
    handler: async ({ body }, { caller, rotation }) => ({
      body: await rotation.start(caller, body.kid),
    }),
  }),
];
