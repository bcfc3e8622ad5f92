// Who is asking. Exactly one credential counts: that of the Authorization header, or without one the certificate of the
// connection. A wrong credential is refused, even where another one beside it would be right: no other way is tried then. The
// caller is told the kind of credential only; the log has the reason, the audit trail the count.
import type { Caller } from '../domain/audit-event.ts';
import { type Result, refused } from '../domain/result.ts';
import { hasCode, SecretregError } from '../errors.ts';
import { TOKEN_PREFIX } from '../crypto/tokens.ts';
import type { Authenticate, IncomingRequest } from './caller.ts';
import type { Credentials, Mechanism } from './credentials.ts';
import { BasicLogin } from './login/basic.ts';
import { certificateLogin } from './login/certificate.ts';
import type { JwtLogin } from './login/jwt.ts';
import type { LoginResult, Refusal } from './login/login.ts';
import type { PrincipalRules } from './login/principal-rules.ts';
import { refusedLoginsAudit } from './login/refused-logins.ts';
import { tokenLogin } from './login/token.ts';

export interface AuthenticationOptions {
  credentials: Credentials;
  random: (length: number) => Uint8Array;
  /** For client certificates of our own authority; without these rules none counts. */
  certificates?: PrincipalRules;
  /** Without it no JWT counts. */
  jwt?: JwtLogin;
  /** For the log of the server. */
  tell: (event: LoginEvent) => void;
  /** For how long refused log-ins of one kind are counted before the count is written. */
  countingMs?: number;
}

export type LoginEvent =
  | {
      kind: 'refused';
      mechanism: Mechanism;
      reason: string;
      clientAddress: string;
      requestId: string;
    }
  | { kind: 'not-audited'; error: unknown };

export interface Authentication {
  authenticate: Authenticate;
  /** Writes the counts of refused log-ins that are not written yet. */
  close(): Promise<void>;
}

export function startAuthentication(options: AuthenticationOptions): Authentication {
  const { credentials, random, tell, countingMs } = options;
  const ways: Ways = { ...options, basic: new BasicLogin(credentials, random) };
  const audit = refusedLoginsAudit(
    credentials,
    (error) => tell({ kind: 'not-audited', error }),
    countingMs,
  );
  const refuse = async (
    { remoteAddress: clientAddress, userAgent, requestId }: IncomingRequest,
    mechanism: Mechanism,
    { reason, ...known }: Refusal,
    error: SecretregError<'not-authenticated' | 'too-many-requests'>,
  ) => {
    tell({ kind: 'refused', mechanism, reason, clientAddress, requestId });
    const { code: status } = error;
    await audit.add({ mechanism, status, ...known, clientAddress, userAgent, requestId });
    throw error;
  };
  return {
    authenticate: async (request) => {
      const { mechanism, result } = await login(request, ways).catch((error: unknown) => {
        if (!hasCode(error, 'too-many-requests')) throw error;
        // Only log-ins with a password are limited. Nothing was verified, so the line names nobody.
        return refuse(request, 'basic', { reason: error.params.reason }, error);
      });
      if (result.ok) return callerOf(request, result.value);
      const told = new SecretregError('not-authenticated', { reason: TOLD[mechanism] });
      return refuse(request, mechanism, result.problem, told);
    },
    close: () => audit.close(),
  };
}

/** All that a refused caller is told. */
const TOLD: Record<Mechanism, string> = {
  none: 'there should be one Authorization header, with Bearer or Basic, or a client certificate',
  token: 'the token is unknown, has expired, or was revoked',
  basic: 'user or password is wrong',
  mtls: 'the client certificate is not accepted',
  jwt: 'the JWT is not accepted',
};

type Ways = AuthenticationOptions & { basic: BasicLogin };
type Attempt = { mechanism: Mechanism; result: LoginResult };

async function login(request: IncomingRequest, ways: Ways): Promise<Attempt> {
  const peer = ways.certificates === undefined ? undefined : request.peerCertificate();
  if (ways.certificates !== undefined && peer !== undefined) {
    const result = certificateLogin(peer, ways.certificates, ways.credentials.now());
    // A certificate that does not count is refused beside a good token too.
    if (peer.problem !== undefined || request.authorization.length === 0)
      return { mechanism: 'mtls', result };
  }
  const header = parseHeader(request.authorization);
  if (!header.ok) return { mechanism: 'none', result: header };
  const { scheme, text } = header.value;
  if (scheme === 'basic')
    return { mechanism: 'basic', result: await ways.basic.login(text, request.remoteAddress) };
  if (text.startsWith(TOKEN_PREFIX))
    return { mechanism: 'token', result: await tokenLogin(ways.credentials, text) };
  if (ways.jwt === undefined) {
    const reason = 'it is no token of ours, and no OIDC issuer is set';
    return { mechanism: 'token', result: refused({ reason }) };
  }
  return { mechanism: 'jwt', result: await ways.jwt(text) };
}

type Header = { scheme: 'bearer' | 'basic'; text: string };

/** The scheme in any case (RFC 9110, 11.1), one or more spaces, and characters of a token68 only. */
function parseHeader(values: readonly string[]): Result<Header, Refusal> {
  const [value = '', ...others] = values;
  if (values.length === 0) return refused({ reason: 'there is no credential' });
  if (others.length > 0) return refused({ reason: 'there are several Authorization headers' });
  const [, scheme = '', text = ''] = /^(bearer|basic) +([\w.~+/-]+=*)$/i.exec(value) ?? [];
  if (scheme === '')
    return refused({
      reason: 'the Authorization header is not Bearer or Basic and one credential',
    });
  return { ok: true, value: { scheme: scheme.toLowerCase() as Header['scheme'], text } };
}

function callerOf(
  request: IncomingRequest,
  login: { principal: string; credential: Caller['credential'] },
): Caller {
  const { userAgent, remoteAddress, requestId } = request;
  return { ...login, userAgent, clientAddress: remoteAddress, requestId };
}
