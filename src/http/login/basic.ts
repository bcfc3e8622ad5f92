// Basic authentication (RFC 7617). A verification costs 0.15 s of a core, on purpose: so a few run at a time, a verified
// password is remembered for a minute, and a name that is tried too often is refused before any of it.
import { isIPv6 } from 'node:net';
import { lengthPrefixed, u64 } from '../../crypto/bytes.ts';
import { NOBODYS_PASSWORD, verifyPassword } from '../../crypto/passwords.ts';
import { hmacSha256, secretKey } from '../../crypto/primitives.ts';
import { type Principal, parsePrincipal } from '../../domain/access.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import { textOfUtf8 } from '../../domain/utf8.ts';
import { Turns } from '../../registry/turns.ts';
import type { Credentials, StoredPassword } from '../credentials.ts';
import { Attempts } from './attempts.ts';
import type { LoginResult } from './login.ts';
import { putNewest } from './newest.ts';

const AT_ONCE = 2;
const MOST_WAITING = 64;
const REMEMBERED_MS = 60_000;
const MOST_REMEMBERED = 10_000;

export class BasicLogin {
  readonly #credentials: Credentials;
  /** Random for each process: what is remembered means nothing outside of it. */
  readonly #key: ReturnType<typeof secretKey>;
  readonly #attempts: Attempts;
  readonly #turns = new Turns(AT_ONCE, MOST_WAITING, 'too many passwords are being verified');
  /** Until when a password is remembered, by the MAC of user, position and password: a new password has a new position. */
  readonly #verified = new Map<string, number>();
  readonly #verifying = new Map<string, Promise<boolean>>();

  constructor(credentials: Credentials, random: (length: number) => Uint8Array) {
    this.#credentials = credentials;
    this.#key = secretKey(random(32));
    this.#attempts = new Attempts(() => credentials.now().getTime());
  }

  /** `encoded` is what follows the word `Basic`. Fails with too-many-requests. */
  async login(encoded: string, remoteAddress: string): Promise<LoginResult> {
    const given = parseBasic(encoded);
    if (!given.ok) return refused({ reason: given.problem });
    const { principal, password } = given.value;
    // Before a remembered password counts, too: otherwise the answer would show the right guess among a thousand wrong ones.
    const name = `${networkOf(remoteAddress)} ${principal}`;
    this.#attempts.require(name);
    const stored = await this.#credentials.passwordOf(principal);
    const fits = await this.#verify({ name, principal, password, stored });
    if (stored === undefined)
      return refused({ reason: 'there is no such user, or it has no password' });
    const { id } = stored;
    if (!fits) return refused({ principal, id, reason: `the password of ${principal} is wrong` });
    return ok({ principal, credential: { mechanism: 'basic', id } });
  }

  /** An unknown user costs as much as a wrong password. */
  async #verify(given: Given): Promise<boolean> {
    const { principal, password, stored } = given;
    const parts = lengthPrefixed(principal, u64(stored?.position ?? 0), password);
    const mac = hmacSha256(this.#key, parts);
    if (this.#isRemembered(mac)) return true;
    const running = this.#verifying.get(mac);
    if (running !== undefined) return running;
    const verification = this.#derive(given, mac).finally(() => this.#verifying.delete(mac));
    this.#verifying.set(mac, verification);
    return verification;
  }

  async #derive({ name, password, stored }: Given, mac: string): Promise<boolean> {
    const succeeded = this.#attempts.begin(name);
    const phc = stored?.phc ?? NOBODYS_PASSWORD;
    const fits = await this.#turns
      .take(() => verifyPassword(phc, password))
      .catch((error) => {
        succeeded();
        throw error;
      });
    if (!fits || stored === undefined) return false;
    succeeded();
    this.#remember(mac);
    return true;
  }

  #isRemembered(mac: string): boolean {
    return (this.#verified.get(mac) ?? 0) > this.#credentials.now().getTime();
  }

  #remember(mac: string): void {
    const until = this.#credentials.now().getTime() + REMEMBERED_MS;
    putNewest(this.#verified, mac, until, MOST_REMEMBERED);
  }
}

/** Whoever has an IPv6 address has the whole /64 around it (RFC 6177): counting single addresses would stop nobody. */
function networkOf(address: string): string {
  const [plain = ''] = address.split('%');
  if (!isIPv6(plain) || plain.includes('.')) return plain;
  const [before = '', after] = plain.split('::');
  const [left, right] = [before, after].map((part) => (part ? part.split(':') : []));
  const zeros = Array.from({ length: 8 - (left?.length ?? 0) - (right?.length ?? 0) }, () => '0');
  return [...(left ?? []), ...zeros, ...(right ?? [])].slice(0, 4).join(':');
}

interface Given {
  name: string;
  principal: Principal;
  password: string;
  stored: StoredPassword | undefined;
}

/** The problem is a sentence that shows neither name nor password. */
function parseBasic(encoded: string): Result<{ principal: Principal; password: string }, string> {
  const bytes = Buffer.from(encoded, 'base64');
  // `Buffer.from` skips what is not base64. Only the one canonical form counts.
  if (bytes.length === 0 || bytes.toString('base64') !== encoded)
    return refused('what follows Basic is not base64');
  const text = textOfUtf8(bytes);
  if (text === undefined) return refused('user and password are not UTF-8');
  const colon = text.indexOf(':');
  if (colon === -1) return refused('there is no colon between user and password');
  const parsed = parsePrincipal(`User:${text.slice(0, colon)}`);
  if (!parsed.ok) return refused(`there can be no such user: it ${parsed.problem}`);
  const password = text.slice(colon + 1);
  if (password === '') return refused('the password is empty');
  return ok({ principal: parsed.value, password });
}
