// Where the answer is one about the server itself, no use case asks whether the credential counts still.
import { describe, expect, test } from 'vitest';
import { SecretregError } from '../../src/errors.ts';
import { routes } from '../../src/http/routes/index.ts';
import { Logins } from './logins.ts';
import { serve } from './serving.ts';

const ofServer = routes.filter(({ action }) => action === 'authenticated').map(({ url }) => url);

const down = async () => {
  throw new SecretregError('store-unavailable', { place: 'kafka://b', reason: 'no answer' });
};

describe.each(ofServer)('%s', (url) => {
  test('is not told to a token that another process has revoked', async () => {
    const logins = await Logins.start();
    const { authenticate } = logins.authentication;
    const { ask } = await serve({ authenticate, catchUp: () => logins.core.catchUp() });
    const { id, token } = await logins.token();
    expect((await ask('GET', url, { as: token })).status).toBe(200);
    await (await logins.elsewhere()).revokeToken(id);
    expect((await ask('GET', url, { as: token })).status).toBe(401);
  });

  test.each([
    ['fails', down],
    ['does not answer', () => new Promise<void>(() => undefined)],
  ])('is told where the store %s', async (_, catchUp) => {
    const { ask } = await serve({ catchUp, limits: { lookTime: 1 } });
    expect((await ask('GET', url)).status).toBe(200);
  });
});
