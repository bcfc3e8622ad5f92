// What the name of a setting says about its value, prefixes aside: what counts is how the name ends.

import { Kept } from './kept.ts';

/**
 * - `secret`: the value is a credential.
 * - `jaas`: a JAAS configuration, whose options may be credentials.
 * - `user-info`: `user:password`, as in `basic.auth.user.info`.
 * - `address`: a URL or connection string, of which a part may be one.
 * - `authorization`: a scheme and a credential, as the header of that name has them.
 * - `properties`: `name=value` one or several times, of which one may be a credential.
 * - `certificate`: public, but for a private key that stands beside it.
 */
export type NameKind =
  | 'secret'
  | 'jaas'
  | 'user-info'
  | 'address'
  | 'authorization'
  | 'properties'
  | 'certificate';

/** undefined for a name that says nothing of the kind. Answers are kept: there are few names. */
export function kindOfName(name: string): NameKind | undefined {
  if (name.length > LONGEST) return undefined;
  return kept.of(name, judge);
}

function judge(name: string): NameKind | undefined {
  const words = wordsOf(name);
  while (words.length > 1 && FORMS.has(words.at(-1) ?? '')) words.pop();
  const last = words.at(-1) ?? '';
  const lastTwo = words.slice(-2).join(' ');
  if (lastTwo === 'jaas config') return 'jaas';
  if (lastTwo === 'user info' || last === 'userinfo') return 'user-info';
  if (ADDRESSES.has(lastTwo)) return 'address';
  if (PROPERTIES.has(last)) return 'properties';
  if (last === 'authorization' && (words.length === 1 || words.some((it) => OF_HTTP.has(it))))
    return 'authorization';
  if (CERTIFICATES.has(lastTwo) || CERTIFICATES.has(last)) return 'certificate';
  const lastThree = words.slice(-3).join(' ');
  if (NO_SECRETS.has(lastTwo) || lastThree === NAME_OF_KEY) return undefined;
  if (lastThree === MISNAMED_KEY || OF_ACCOUNT.test(name)) return 'secret';
  return SECRET_PAIRS.has(lastTwo) || SECRET_WORDS.test(last) ? 'secret' : undefined;
}

/** True for a setting that says who the user is, which nobody hides; the id of an access key is one. */
export function isNameOfUser(name: string): boolean {
  return users.of(name, endsInUser);
}

function endsInUser(name: string): boolean {
  const words = wordsOf(name.slice(0, LONGEST));
  if (words.slice(-3).join(' ') === 'access key id') return true;
  return USERS.has(words.at(-1) ?? '') || words.slice(-2).join(' ') === 'user name';
}

/** `aws.secret.access.key`, `awsSecretAccessKey` and `AWS_SECRET_ACCESS_KEY` are the same words. */
export function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1.$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1.$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

/** Longer than any name of a setting: a name that is longer is not taken to pieces. */
const LONGEST = 512;

const kept = new Kept<NameKind | undefined>({ most: 5000, longest: LONGEST });
const users = new Kept<boolean>({ most: 5000, longest: LONGEST });

/** How a credential is written, behind its name: `gcs.credentials.json`. */
const FORMS: ReadonlySet<string> = new Set([
  'json',
  'base64',
  'b64',
  'plain',
  'plaintext',
  'text',
  'value',
]);

// `token.endpoint.url`, `password.file`, `secret.name`, `credentials.provider`, `token.ttl.ms`: the last word says
// that the value is something else, so only those that end in one of these are credentials.
const SECRET_WORDS =
  /^(?:pass|pwd|pw|creds)$|(?:password|passwd|passphrase|passcode|secret|token|credentials?|apikey|secretkey|accesskey|privatekey|accountkey|sharedkey|masterkey|storepass|keypass)\d?$/;

const SECRET_PAIRS = pairs(
  'api access secret private account shared master signing encryption auth ingest subscription storage function functions license application app integration hmac sas ssh service sharedaccess encrypted',
  'key',
);

const NO_SECRETS = new Set([
  // Tokens that say where reading goes on, or stand for something else in a text.
  ...pairs(
    'page next previous continuation pagination partition partitioner sync split null separator delimiter end start cursor resume stop field empty',
    'token',
  ),
  ...pairs('by multi single first second last two', 'pass'),
  ...pairs(
    'max min total prompt completion include exclude show hide has use with require enable is',
    'token',
  ),
]);

/** Confluent Cloud's name for who asks; the secret is `kafka.api.secret`. */
const NAME_OF_KEY = 'kafka api key';

/** Confluent's SQS source: a secret key has no id, it is the key itself. */
const MISNAMED_KEY = 'secret key id';

/** Hadoop and Iceberg name the account of Azure behind what it is about. */
const OF_ACCOUNT =
  /(?:^|\.)(?:fs\.azure\.(?:account\.key|account\.oauth2\.client\.secret|sas(?:\.fixed\.token)?)(?:\.[\w-]+){1,2}\.(?:dfs|blob)\.|adls\.sas-token\.)[\w.-]+$/;

const ADDRESSES = pairs('connection', 'string', 'uri', 'url');

const PROPERTIES: ReadonlySet<string> = new Set(['properties', 'props', 'params', 'parameters']);

/** `security.authorization` is something else. */
const OF_HTTP: ReadonlySet<string> = new Set(['header', 'headers', 'http', 'proxy']);

const CERTIFICATES: ReadonlySet<string> = new Set([
  'certificate chain',
  'public key',
  'certificate',
  'certificates',
  'cert',
  'certs',
]);

const USERS: ReadonlySet<string> = new Set(
  'user username userid login principal account email owner'.split(' '),
);

function pairs(firsts: string, ...seconds: readonly string[]): Set<string> {
  return new Set(
    firsts.split(' ').flatMap((first) => seconds.map((second) => `${first} ${second}`)),
  );
}
