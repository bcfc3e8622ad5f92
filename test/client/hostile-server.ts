// A server that answers each question in the right shape, with a text of the test's choice in every member that takes one.
import type { Answer } from './false-server.ts';

/** The registry, and a worker of Kafka Connect at the same address. */
export function answering(
  text: string,
  change: (answer: unknown) => unknown = (answer) => answer,
): Answer {
  return (response, { method, url }) => {
    const [path = ''] = url.split('?');
    const answer = change(answerTo(method, path, text));
    const isTrail = path === '/audit' && Array.isArray(answer);
    const type = isTrail ? 'application/x-ndjson' : 'application/json';
    const body = isTrail
      ? answer.map((line) => `${JSON.stringify(line)}\n`).join('')
      : JSON.stringify(answer);
    response.writeHead(200, { 'content-type': type }).end(body);
  };
}

/** What steers a terminal or turns text round. No name of a registry may hold it. */
export const STEERING = '\u001b]0;x\u0007\u009b31m\u007f\b\r\u202e\u2066\u200f\u061c\u2028\u2029';
/** Names may hold characters that nobody sees. */
const NAME = 'or\u200bders\u{e0041}';

function answerTo(method: string, path: string, text: string): unknown {
  const [, what] = ANSWERS.find(([asked]) => asked.test(`${method} ${path}`)) ?? [];
  return what?.(text);
}

const by = (text: string) => ({ createdAt: text, createdBy: text });
const version = (text: string) => ({
  ...{ path: NAME, key: NAME, version: 1, state: 'deleted', deletedAt: text, deletedBy: text },
  ...by(text),
});
const metadata = (text: string) => ({
  description: text,
  owner: text,
  tags: [text],
  expiresAt: text,
  rotateEveryDays: 1,
});
const key = (text: string) => ({
  path: NAME,
  key: NAME,
  versions: [version(text), { ...version(text), state: 'enabled', version: 2 }],
  metadata: metadata(text),
});
const resource = { patternType: 'LITERAL', name: NAME };
const binding = { role: 'DeveloperRead', resource };
const grant = (text: string) => ({ principal: `User:${NAME}`, ...binding, ...by(text) });
const user = (text: string) => ({ principal: `User:${NAME}`, hasPassword: true, ...by(text) });
const token = (text: string) => ({
  id: text,
  principal: `User:${NAME}`,
  ...by(text),
  expiresAt: text,
  description: text,
  limit: binding,
});

const connectorConfig = { password: '${secret:or\u200bders\u{e0041}:password}' };
const connector = (text: string) => ({
  type: text,
  config: { ...connectorConfig, 'connector.class': text, [text]: text },
});
const unit = (text: string) => ({ state: text, worker_id: text });
const status = (text: string) => ({ connector: unit(text), tasks: [{ id: 0, ...unit(text) }] });
const definition = (text: string) => ({
  name: text,
  type: text,
  required: true,
  documentation: text,
  default_value: text,
});
const setting = (text: string) => ({
  definition: definition(text),
  value: { name: text, errors: [text], recommended_values: [text] },
});

const ANSWERS: [RegExp, (text: string) => unknown][] = [
  [/^GET \/secret\/paths(?:\/[^/]+\/keys)?$/, (text) => [key(text)]],
  [/^GET \/secret\/paths\/[^/]+$/, (text) => [{ ...version(text), secret: text }]],
  [/^GET .*\/versions$/, key],
  [/^GET .*\/latest$/, (text) => ({ ...version(text), secret: 'hunter2' })],
  [/\/metadata$/, metadata],
  [/^POST .*\/versions$/, version],
  [/^DELETE \/secret|\/restore$/, (text) => [version(text)]],
  [/^GET \/access\/(?:grants|who-can)$/, (text) => [grant(text)]],
  [/^POST \/access\/grants$/, grant],
  [/^GET \/access\/users$/, (text) => [user(text)]],
  [/\/access\/users/, user],
  [/^GET \/access\/tokens$/, (text) => [token(text)]],
  [
    /^POST \/access\/tokens$/,
    (text) => ({ ...token(text), token: `srt_0123456789abcdef_${'A'.repeat(43)}` }),
  ],
  [/^POST \/access\/check$/, () => ({ allowed: true, by: binding })],
  [
    /^GET \/access\/whoami$/,
    (text) => ({
      principal: `User:${NAME}`,
      mechanism: text,
      grants: [binding],
      token: { id: text, expiresAt: text, limit: binding },
    }),
  ],
  [/^GET \/master-keys$/, (text) => [{ kid: text, state: text, records: 1 }]],
  [/rotation$/, (text) => ({ kid: text, done: 1, total: 2, state: 'failed', error: text })],
  [
    /^GET \/registry$/,
    (text) => ({
      storeId: text,
      format: 1,
      position: 1,
      counts: { paths: 1, keys: 1, versions: 1 },
    }),
  ],
  [/^GET \/health/, () => ({})],
  [/^GET \/audit$/, trail],
  [/^GET \/$/, (text) => ({ version: text, commit: text, kafka_cluster_id: text })],
  [/^GET \/connectors$/, (text) => ({ [text]: { info: connector(text), status: status(text) } })],
  [/^GET \/connectors\/.*\/tasks$/, () => [{ config: connectorConfig }]],
  [/^GET \/connector-plugins$/, (text) => [{ class: text, type: text, version: text }]],
  [/^GET \/connector-plugins/, (text) => [definition(text)]],
  [/^PUT \/connector-plugins/, (text) => ({ error_count: 1, configs: [setting(text)] })],
];

function trail(text: string): object[] {
  const event = {
    type: 'secretreg/audit',
    id: text,
    time: text,
    subject: text,
    applied: true,
    data: {
      methodName: text,
      authenticationInfo: { principal: text },
      authorizationInfo: {
        granted: true,
        resourceType: text,
        patternType: text,
        resourceName: text,
      },
      result: { status: text },
      [text]: text,
    },
  };
  const note = { type: 'secretreg/note', text };
  return [note, event];
}
