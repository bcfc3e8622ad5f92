// What stands in the text of the metrics; that servers tell it is seen in test/process.
import { expect, test } from 'vitest';
import { Metrics } from '../../src/http/metrics.ts';
import { MemoryLog, MemoryStore } from '../../src/store/memory.ts';
import type { StoreCounters } from '../../src/store/store.ts';
import { environment, init, openAs, write } from '../registry/fixture.ts';

/** Counts as a topic does. */
class CountingStore extends MemoryStore {
  readonly counted: StoreCounters = { claims: 3, fences: 2, behind: 5 };
  counters = (): StoreCounters => this.counted;
}

async function metricsOf(kind: typeof MemoryStore) {
  const log = new MemoryLog();
  const env = environment();
  await init(new MemoryStore(log), env);
  const { core, registry } = await openAs(new kind(log), env);
  await registry.write([write('orders', 'canary', 'hunter2')]);
  return { core, metrics: new Metrics(core) };
}

test('requests, refused log-ins, records and the certificate are counted, without names of secrets', async () => {
  const { core, metrics } = await metricsOf(MemoryStore);
  const request = { method: 'GET', route: '/secret/paths/:path', status: 200 };
  metrics.answered({ ...request, seconds: 0.002 });
  metrics.answered({ ...request, seconds: 3 });
  metrics.loginRefused('token');
  metrics.certificateExpires(new Date('2031-01-01T00:00:00Z'));
  metrics.certificateExpires(new Date('2032-01-01T00:00:00Z'));
  const lines = (await metrics.text()).split('\n');
  const [active] = core.state.masterKeys();
  expect(metrics.contentType).toMatch(/^text\/plain; version=0\.0\.4/);
  for (const line of [
    'secretreg_http_requests_total{method="GET",route="/secret/paths/:path",status="200"} 2',
    'secretreg_http_request_duration_seconds_bucket{le="0.0025",method="GET",route="/secret/paths/:path"} 1',
    'secretreg_http_request_duration_seconds_count{method="GET",route="/secret/paths/:path"} 2',
    'secretreg_refused_logins_total{mechanism="token"} 1',
    `secretreg_certificate_expiry_timestamp_seconds ${Date.UTC(2032, 0) / 1000}`,
    'secretreg_commit_number 2',
    'secretreg_unreadable_records 0',
  ])
    expect(lines).toContain(line);
  const records = `secretreg_records{kid="${active?.kid}",state="active"} `;
  expect(lines.filter((line) => line.startsWith(records))).toHaveLength(1);
  expect(lines.join('\n')).not.toMatch(/orders|canary|hunter2|secretreg_claims/);
});

test('a store that counts is asked anew each time', async () => {
  const { core, metrics } = await metricsOf(CountingStore);
  const told = async () =>
    (await metrics.text())
      .split('\n')
      .filter((line) => /^secretreg_(claims|fences|store)/.test(line));
  expect(await told()).toEqual([
    'secretreg_claims_total 3',
    'secretreg_fences_total 2',
    'secretreg_store_behind_positions 5',
  ]);
  Object.assign((core.store as CountingStore).counted, { claims: 4, fences: 2, behind: 0 });
  expect(await told()).toEqual([
    'secretreg_claims_total 4',
    'secretreg_fences_total 2',
    'secretreg_store_behind_positions 0',
  ]);
});
