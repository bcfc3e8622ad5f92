// Tokens for OAUTHBEARER: one is asked for, kept while it is fresh, and replaced before it ends.

export interface Token {
  value: string;
  /** From now on; undefined where neither the server nor the token says it. */
  lifetimeMs: number | undefined;
}

/** Asks a server for a token. Fails with TokenFault. */
export type TokenSource = () => Promise<Token>;

/** No token could be had. The texts hold no part of a credential. */
export class TokenFault extends Error {
  override readonly name = 'TokenFault';
  /** True where trying again may help: a server that is away may come back, but a refused password stays refused. */
  readonly mayPass: boolean;
  readonly hint: string | undefined;

  constructor(reason: string, options: { mayPass?: boolean; hint?: string } = {}) {
    super(reason);
    this.mayPass = options.mayPass ?? false;
    this.hint = options.hint;
  }
}

/** Kafka's clients take a new token after four fifths of a lifetime (sasl.login.refresh.window.factor). */
const FRESH_PART = 0.8;
/** A connection logs in again 10 s before its session ends, with a token that has to outlive it. */
const LEAST_LEFT_MS = 15_000;

/** Returns a function that gives the token to log in with. Calls at the same time share one request. */
export function bearerTokens(
  source: TokenSource,
  now: () => number = () => performance.now(),
): () => Promise<string> {
  let kept: { value: string; until: number } | undefined;
  let asking: Promise<string> | undefined;
  const ask = async (): Promise<string> => {
    const { value, lifetimeMs } = await source();
    kept = lifetimeMs === undefined ? undefined : { value, until: now() + freshFor(lifetimeMs) };
    return value;
  };
  return async () => {
    if (kept !== undefined && now() < kept.until) return kept.value;
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    return asking;
  };
}

function freshFor(lifetimeMs: number): number {
  return Math.max(Math.min(lifetimeMs * FRESH_PART, lifetimeMs - LEAST_LEFT_MS), 0);
}

/** The earlier of what the server says (`expires_in`, seconds) and what stands in the token itself, where it is a JWT. */
export function lifetimeOf(token: string, expiresIn: unknown, now: Date): number | undefined {
  const said = typeof expiresIn === 'number' && expiresIn > 0 ? expiresIn * 1000 : undefined;
  const expiry = expiryOf(token);
  const written = expiry === undefined ? undefined : expiry * 1000 - now.getTime();
  if (said === undefined || written === undefined) return said ?? written;
  return Math.min(said, written);
}

/** `exp` of RFC 7519. The token is not checked: that is the broker's work. */
function expiryOf(token: string): number | undefined {
  try {
    const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
    const { exp } = JSON.parse(payload) as { exp?: unknown };
    return typeof exp === 'number' ? exp : undefined;
  } catch {
    return undefined;
  }
}
