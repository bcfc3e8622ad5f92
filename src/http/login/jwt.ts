// Tokens of an OpenID Connect issuer. The algorithms are a list of ours, never what the token asks for (CVE-2015-9235). None of
// them takes a shared secret: the issuer's public key could be used as one.
import {
  decodeProtectedHeader,
  errors,
  type JWTPayload,
  jwtVerify,
  type JWTVerifyGetKey,
} from 'jose';
import { parsePrincipal } from '../../domain/access.ts';
import { ok, refused } from '../../domain/result.ts';
import { SecretregError } from '../../errors.ts';
import type { LoginResult } from './login.ts';
import { issuerKeys, KeysAway } from './issuer-keys.ts';

export interface JwtSettings {
  issuer: string;
  /** One of them has to be among those of the token. */
  audiences: readonly string[];
  /** https, or http on this machine. */
  jwksUrl: URL;
  /** The claim that holds the user's name, such as `sub`. */
  principalClaim: string;
  /** In seconds: how far the clocks of issuer and server may be apart. */
  clockTolerance: number;
}

const ALGORITHMS = ['RS256', 'ES256', 'PS256', 'EdDSA'];

/** Logs in with a JWT. Fails with not-ready where the keys of the issuer cannot be had. */
export type JwtLogin = (token: string) => Promise<LoginResult>;

export function jwtLogin(
  settings: JwtSettings,
  now: () => Date,
  tell: (reason: string) => void,
): JwtLogin {
  const keys = issuerKeys(settings.jwksUrl, now);
  return async (token) => {
    try {
      return loginOf(await verified(token, keys, settings, now()), settings);
    } catch (error) {
      if (error instanceof errors.JOSEError)
        return refused({ reason: reasonOf(error, token, settings, now()) });
      if (!(error instanceof KeysAway)) throw error;
      tell(`the keys of the issuer cannot be had from ${settings.jwksUrl.href}: ${error.message}`);
      throw new SecretregError(
        'not-ready',
        { reason: 'the keys of the OIDC issuer cannot be fetched' },
        { cause: error },
      );
    }
  };
}

async function verified(
  token: string,
  keys: JWTVerifyGetKey,
  settings: JwtSettings,
  now: Date,
): Promise<JWTPayload> {
  const { payload } = await jwtVerify(token, keys, {
    algorithms: ALGORITHMS,
    issuer: settings.issuer,
    audience: [...settings.audiences],
    requiredClaims: ['exp', 'sub', settings.principalClaim],
    clockTolerance: settings.clockTolerance,
    currentDate: now,
  });
  return payload;
}

function loginOf(payload: JWTPayload, settings: JwtSettings): LoginResult {
  const { principalClaim: claim, clockTolerance } = settings;
  const name = payload[claim];
  if (typeof payload.sub !== 'string' || payload.sub === '')
    return refused({ reason: "its claim 'sub' is no text" });
  if (typeof name !== 'string') return refused({ reason: `its claim '${claim}' is no text` });
  const principal = parsePrincipal(`User:${name}`);
  if (!principal.ok)
    return refused({ reason: `its claim '${claim}' makes no principal: it ${principal.problem}` });
  const until = new Date(((payload.exp ?? 0) + clockTolerance) * 1000);
  if (Number.isNaN(until.getTime())) return refused({ reason: "its claim 'exp' is no time" });
  return ok({
    principal: principal.value,
    credential: { mechanism: 'jwt', expiresAt: until.toISOString() },
  });
}

/** For the log. Claims are shown only where the signature was right. */
function reasonOf(
  error: errors.JOSEError,
  token: string,
  settings: JwtSettings,
  now: Date,
): string {
  const here = `the clock here says ${now.toISOString()}, and ${settings.clockTolerance} s of difference are allowed`;
  if (error instanceof errors.JWTExpired)
    return `it expired at ${timeOf(error.payload['exp'])}; ${here}`;
  if (error instanceof errors.JWTClaimValidationFailed) return claimReason(error, settings, here);
  if (error instanceof errors.JOSEAlgNotAllowed)
    return `it is signed with ${shown(headerOf(token, 'alg'))}, which is none of ${ALGORITHMS.join(', ')}`;
  if (error instanceof errors.JWKSNoMatchingKey) {
    return `the issuer has no key for its kid ${shown(headerOf(token, 'kid'))} and its alg ${shown(headerOf(token, 'alg'))}`;
  }
  if (error instanceof errors.JWKSMultipleMatchingKeys)
    return 'it does not say which of the keys of the issuer it is signed with (kid)';
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return 'its signature is not that of the issuer';
  if (error instanceof errors.JOSENotSupported)
    return 'its header asks for something that is not supported';
  return 'it is no signed JWT';
}

function claimReason(
  { claim, reason, payload }: errors.JWTClaimValidationFailed,
  { issuer, audiences }: JwtSettings,
  here: string,
): string {
  if (reason === 'missing') return `it has no claim '${claim}'`;
  if (reason !== 'check_failed') return `its claim '${claim}' is not of the right type`;
  if (claim === 'nbf') return `it counts from ${timeOf(payload['nbf'])} only; ${here}`;
  if (claim === 'aud')
    return `its audience is ${shown(payload['aud'])}, where ${audiences.join(' or ')} was expected`;
  if (claim === 'iss')
    return `its issuer is ${shown(payload['iss'])}, where ${issuer} was expected`;
  return `its claim '${claim}' does not fit`;
}

function timeOf(seconds: unknown): string {
  const time = new Date(Number(seconds) * 1000);
  return Number.isNaN(time.getTime()) ? 'no time' : time.toISOString();
}

/** Text that somebody else wrote, cut to a length. */
function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'none').slice(0, 200);
}

function headerOf(token: string, name: 'alg' | 'kid'): unknown {
  try {
    return decodeProtectedHeader(token)[name];
  } catch {
    return undefined;
  }
}
