// What Prometheus is told of this server. No name of a secret or of a user is in it.
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Core } from '../registry/core.ts';
import { rotationStatus } from '../registry/rotation.ts';
import type { StoreCounters } from '../store/store.ts';
import type { Mechanism } from './credentials.ts';

export interface AnsweredRequest {
  method: string;
  /** The pattern, such as `/secret/paths/:path`: the URL itself has names in it. */
  route: string;
  status: number;
  seconds: number;
}

export class Metrics {
  readonly #registry = new Registry();
  readonly #requests: Counter<'method' | 'route' | 'status'>;
  readonly #durations: Histogram<'method' | 'route'>;
  readonly #refusedLogins: Counter<'mechanism'>;
  #certificate: Gauge | undefined;

  constructor(core: Core) {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    this.#requests = new Counter({
      name: 'secretreg_http_requests_total',
      help: 'Requests that were answered.',
      labelNames: ['method', 'route', 'status'],
      registers,
    });
    this.#durations = new Histogram({
      name: 'secretreg_http_request_duration_seconds',
      help: 'From the arrival of the headers to the end of the answer.',
      labelNames: ['method', 'route'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    });
    this.#refusedLogins = new Counter({
      name: 'secretreg_refused_logins_total',
      help: 'Requests whose credentials did not count, by the kind that was shown.',
      labelNames: ['mechanism'],
      registers,
    });
    describeRegistry(core, this.#registry);
    describeStore(core, this.#registry);
  }

  answered({ method, route, status, seconds }: AnsweredRequest): void {
    this.#requests.inc({ method, route, status });
    this.#durations.observe({ method, route }, seconds);
  }

  loginRefused(mechanism: Mechanism): void {
    this.#refusedLogins.inc({ mechanism });
  }

  certificateExpires(at: Date): void {
    this.#certificate ??= new Gauge({
      name: 'secretreg_certificate_expiry_timestamp_seconds',
      help: 'When the certificate of the server expires, in seconds since 1970.',
      registers: [this.#registry],
    });
    this.#certificate.set(at.getTime() / 1000);
  }

  /** The media type of the text. */
  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }
}

function describeRegistry(core: Core, registry: Registry): void {
  gauge('secretreg_commit_number', 'The newest commit that is known here.', registry, () => {
    return core.state.lastN;
  });
  gauge(
    'secretreg_unreadable_records',
    'Records that are damaged, forged, or under a key that this server does not have.',
    registry,
    () => core.state.alarmCount,
  );
  registry.registerMetric(
    new Gauge({
      name: 'secretreg_records',
      help: 'Records under each master key.',
      labelNames: ['kid', 'state'],
      registers: [],
      collect() {
        this.reset();
        for (const { kid, state, records } of rotationStatus(core.state).keys)
          this.set({ kid, state }, records);
      },
    }),
  );
}

/** Only for a store that counts: one that several processes may write, so that this one can be behind. */
function describeStore({ store }: Core, registry: Registry): void {
  if (store.counters === undefined) return;
  const now = (): StoreCounters => store.counters?.() ?? { claims: 0, fences: 0, behind: 0 };
  counter('secretreg_claims_total', 'How often the right to write was taken.', registry, () => {
    return now().claims;
  });
  counter(
    'secretreg_fences_total',
    'How often another process took the right to write before the commit.',
    registry,
    () => now().fences,
  );
  gauge(
    'secretreg_store_behind_positions',
    'Positions of the log that are committed and have not been read here.',
    registry,
    () => now().behind,
  );
}

function gauge(name: string, help: string, registry: Registry, value: () => number): void {
  registry.registerMetric(
    new Gauge({
      name,
      help,
      registers: [],
      collect() {
        this.set(value());
      },
    }),
  );
}

/** A counter of what is counted elsewhere. */
function counter(name: string, help: string, registry: Registry, value: () => number): void {
  registry.registerMetric(
    new Counter({
      name,
      help,
      registers: [],
      collect() {
        this.reset();
        this.inc(value());
      },
    }),
  );
}
