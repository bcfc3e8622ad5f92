// One request to each route, with secrets in what it takes.

export interface CanaryRequest {
  path: string;
  body?: Record<string, unknown>;
  /** A value or a token is what it was asked for. */
  gives?: true;
}

/** By method and pattern. In this order: what one leaves the next ones find. */
export function canaryRequests(secret: (name: string) => string): Record<string, CanaryRequest> {
  const path = '/secret/paths/routes';
  const key = `${path}/keys/password`;
  const connector = { name: 'routes', config: { 'connection.password': secret('IN-CLEAR') } };
  return {
    'POST /secret/paths/:path': {
      path,
      body: { secrets: { password: secret('FIRST'), user: secret('USER') } },
    },
    'POST /secret/paths/:path/keys/:key/versions': {
      path: `${key}/versions`,
      body: { secret: secret('SECOND') },
    },
    'POST /secret/writes': {
      path: '/secret/writes',
      body: { writes: [{ path: 'routes', key: 'third', secret: secret('THIRD') }] },
    },
    'GET /secret/paths': { path: '/secret/paths' },
    'GET /secret/paths/:path': { path, gives: true },
    'GET /secret/paths/:path/keys': { path: `${path}/keys` },
    'GET /secret/paths/:path/keys/:key': { path: key, gives: true },
    'GET /secret/paths/:path/keys/:key/versions': { path: `${key}/versions` },
    'GET /secret/paths/:path/keys/:key/versions/latest': {
      path: `${key}/versions/latest`,
      gives: true,
    },
    'GET /secret/paths/:path/keys/:key/versions/:version': {
      path: `${key}/versions/1`,
      gives: true,
    },
    'GET /secret/paths/:path/keys/:key/metadata': { path: `${key}/metadata` },
    'PATCH /secret/paths/:path/keys/:key/metadata': {
      path: `${key}/metadata`,
      body: { owner: 'team' },
    },
    'POST /secret/paths/:path/checks': {
      path: `${path}/checks`,
      body: { questions: [{ key: 'password', surroundings: 'url-password' }] },
    },
    'POST /validate': {
      path: '/validate',
      body: { files: [{ name: 'a.json', text: JSON.stringify(connector) }] },
    },
    'DELETE /secret/paths/:path/keys/:key/versions/:version': { path: `${key}/versions/1` },
    'POST /secret/paths/:path/keys/:key/versions/:version/restore': {
      path: `${key}/versions/1/restore`,
    },
    'DELETE /secret/paths/:path/keys/:key': { path: key },
    'POST /secret/paths/:path/keys/:key/restore': { path: `${key}/restore` },
    'DELETE /secret/paths/:path': { path },
    'POST /secret/paths/:path/restore': { path: `${path}/restore` },
    'GET /registry': { path: '/registry' },
    'GET /health/live': { path: '/health/live' },
    'GET /health/ready': { path: '/health/ready' },
    'GET /metrics': { path: '/metrics' },
    'GET /openapi.json': { path: '/openapi.json' },
    'GET /master-keys': { path: '/master-keys' },
    'GET /master-keys/rotation': { path: '/master-keys/rotation' },
    'POST /master-keys/rotation': {
      path: '/master-keys/rotation',
      body: { kid: '00112233445566778899aabbccddeeff' },
    },
    'GET /audit': { path: '/audit' },
    'GET /access/whoami': { path: '/access/whoami' },
    'GET /access/grants': { path: '/access/grants' },
    'POST /access/grants': {
      path: '/access/grants',
      body: { principal: 'User:rita', role: 'Operator' },
    },
    'DELETE /access/grants': { path: '/access/grants?principal=User:rita&role=Operator' },
    'GET /access/users': { path: '/access/users' },
    'POST /access/users': {
      path: '/access/users',
      body: { principal: 'User:routes', password: secret('PASSWORD') },
    },
    'PUT /access/users/:principal/password': {
      path: '/access/users/User:routes/password',
      body: { password: secret('CHANGED') },
    },
    'DELETE /access/users/:principal': { path: '/access/users/User:routes' },
    'GET /access/tokens': { path: '/access/tokens' },
    'POST /access/tokens': { path: '/access/tokens', body: {}, gives: true },
    'DELETE /access/tokens/:id': { path: '/access/tokens/0123456789abcdef' },
    'POST /access/check': { path: '/access/check', body: { action: 'read', path: 'routes' } },
    'GET /access/who-can': { path: '/access/who-can?action=read&path=routes' },
  };
}
