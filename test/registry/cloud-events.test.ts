// Every event is one of CloudEvents 1.0.2 in its JSON format, with the members of Confluent's audit log in its data. The schema
// is written from the two texts: sections 3 (context attributes), "Type System" and "JSON Format" 3 of CloudEvents, and
// "Audit Log Event Schema" of Confluent.
import Ajv from 'ajv';
import formats from 'ajv-formats';
import { expect, test } from 'vitest';
import { AUDIT_METHODS } from '../../src/domain/audit-event.ts';
import { makeEvent } from '../../src/registry/audit-trail.ts';
import { prunable, prune } from '../../src/registry/audit-prune.ts';
import { MemoryLog, MemoryStore } from '../../src/store/memory.ts';
import {
  caller,
  codeOf,
  collect,
  environment,
  init,
  name,
  openAs,
  path,
  write,
} from './fixture.ts';

const text = { type: 'string', minLength: 1 };
/** `crn:///secretreg=<id>` and parts behind it; what is a name in it is percent-encoded. */
const PART = "=(?:[A-Za-z0-9._~!*'()-]|%[0-9A-F]{2})*";
const crn = {
  type: 'string',
  format: 'uri-reference',
  pattern: `^crn:///secretreg=[0-9a-f]{32}(?:/(?:secret|key|version|user|token|role)${PART})*$`,
};

const DATA = {
  type: 'object',
  required: ['serviceName', 'methodName', 'resourceName', 'authenticationInfo', 'result'],
  properties: {
    serviceName: crn,
    resourceName: crn,
    methodName: { enum: AUDIT_METHODS },
    authenticationInfo: {
      type: 'object',
      required: ['principal'],
      properties: { principal: { type: 'string', pattern: '^User:.' } },
    },
    authorizationInfo: {
      type: 'object',
      required: ['granted', 'operation', 'resourceType', 'resourceName', 'patternType'],
      properties: {
        granted: { type: 'boolean' },
        operation: text,
        resourceType: text,
        resourceName: text,
        patternType: { enum: ['LITERAL', 'PREFIXED'] },
      },
    },
    request: { type: 'object' },
    result: { type: 'object', required: ['status'], properties: { status: text } },
  },
};

const EVENT = {
  type: 'object',
  required: ['id', 'source', 'specversion', 'type', 'subject', 'time', 'datacontenttype', 'data'],
  properties: {
    id: text,
    source: { ...crn, minLength: 1 },
    specversion: { const: '1.0' },
    type: text,
    subject: crn,
    time: { type: 'string', format: 'date-time' },
    datacontenttype: { const: 'application/json' },
    data: DATA,
    data_base64: false,
  },
  // Attributes have short names of lower-case letters and digits; extensions are texts, booleans and 32-bit integers.
  propertyNames: { pattern: '^[a-z0-9]{1,20}$' },
  additionalProperties: {
    anyOf: [
      { type: 'string', pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f\\ud800-\\udfff]*$' },
      { type: 'boolean' },
      { type: 'integer', minimum: -(2 ** 31), maximum: 2 ** 31 - 1 },
    ],
  },
};

const ajv = new Ajv.default({ allErrors: true, strict: false });
formats.default(ajv);
const isEvent = ajv.compile(EVENT);

function faultsOf(event: unknown): string[] {
  if (isEvent(event)) return [];
  return (isEvent.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

const ODD = 'é/日本 "%2F\' #?&=+@!*()~';

async function used() {
  const log = new MemoryLog();
  const env = environment();
  await init(new MemoryStore(log), env);
  const { core, registry } = await openAs(new MemoryStore(log), env);
  await registry.write([write(ODD, 'pass-word', 'one'), write('orders', 'password', 'two')]);
  await registry.readPath(path(ODD));
  await codeOf(registry.read(path(ODD), name('none'), 'latest'));
  await registry.delete({ path: path('orders') });
  const found = await prunable(core, caller, '2026-01-01T00:00:01.000Z');
  if (found !== undefined) await prune(core, caller, found);
  return { core, registry };
}

test('the lines that are stored are events, and so is what is shown of them', async () => {
  const { core, registry } = await used();
  const lines = await collect(core.store.readAudit());
  const shown = await collect(registry.audit());
  expect(lines.length).toBeGreaterThan(5);
  for (const event of [...lines.map(({ line }) => JSON.parse(line) as unknown), ...shown])
    expect([event, faultsOf(event)]).toEqual([event, []]);
  const [{ line } = { line: '' }] = lines;
  const extensions = Object.keys(JSON.parse(line) as object).filter(
    (one) => !(one in EVENT.properties),
  );
  expect(extensions.sort()).toEqual(['chain', 'mac', 'prev', 'seq']);
});

test.each(AUDIT_METHODS)('an event of %s is one', (method) => {
  const env = environment();
  const subjects = [
    { method },
    { method, path: ODD },
    { method, path: ODD, key: 'pass-word', version: 2 ** 53 - 1 },
    { method, principal: 'User:CN=é, O="x"', token: 'srt/1' },
    {
      method,
      grant: { role: 'DeveloperRead', resource: { patternType: 'PREFIXED', name: 'orders-' } },
    } as const,
  ];
  for (const subject of subjects) {
    const event = makeEvent(
      { subject, status: 'ok' },
      {
        storeId: '0123456789abcdef'.repeat(2),
        caller,
        time: env.clock().toISOString(),
        random: env.random,
        commit: undefined,
      },
    );
    expect([event, faultsOf(event)]).toEqual([event, []]);
    expect(event.data.resourceName.startsWith(event.data.serviceName)).toBe(true);
    expect(event.subject).toBe(event.data.resourceName);
  }
});
