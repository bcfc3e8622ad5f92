// Credentials that are known by their form wherever they stand. Where the form has a checksum it must fit: an example
// in a manual, or a name that happens to begin alike, is none.
import { matchAt } from '../../domain/matching.ts';
import type { Credential } from './credential.ts';
import { endsInBase62Crc, endsInLittleEndianCrc, hasAwsAccount } from './checksums.ts';

interface TokenFormat {
  /** What it is called in a message. */
  name: string;
  /** What it begins with; one of these is looked for first. */
  begins: readonly string[];
  /** Sticky: it is tried where a beginning was found. */
  form: RegExp;
  isReal?: (token: string) => boolean;
}

/** The tokens of a value, in order; `open` is the value with its templates blanked. */
export function tokenCredentials(open: string): Credential[] {
  if (open.length < SHORTEST || !MAY_HOLD.test(open)) return [];
  const found = privateKeys(open);
  let done = 0;
  for (const { 0: beginning, index } of open.matchAll(BEGINNINGS)) {
    if (index < done) continue;
    for (const format of BY_BEGINNING.get(beginning) ?? []) {
      const token = tokenAt(format, open, index);
      if (token === undefined) continue;
      done = index + token.length;
      const { name } = format;
      found.push({ kind: 'token', name, start: index, end: done, content: 'literal' });
      break;
    }
  }
  return found;
}

/** The length of an AWS access key id, the shortest token. */
const SHORTEST = 20;

const MAY_HOLD = /[\w-]{16}|-----BEGIN/;

const FORMATS: readonly TokenFormat[] = [
  format(
    'a GitHub token',
    'ghp_ gho_ ghu_ ghs_ ghr_',
    /gh[pousr]_[A-Za-z0-9]{36}(?![A-Za-z0-9])/y,
    endsInBase62Crc,
  ),
  format(
    'a GitHub token',
    'github_pat_',
    /github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}(?![A-Za-z0-9])/y,
  ),
  format('an npm token', 'npm_', /npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])/y, endsInBase62Crc),
  format(
    'a GitLab token',
    'glpat- gldt- glrt- glft-',
    /gl(?:pat|dt|rt|ft)-[\w-]{27,300}\.(?:[0-9a-z]{2}\.)?[0-9a-z]{9}(?![\w.-])/y,
  ),
  format('a GitLab token', 'glpat- gldt- glrt- glft-', /gl(?:pat|dt|rt|ft)-[\w-]{20}(?![\w-])/y),
  format('a GitLab token', 'glptt-', /glptt-[0-9a-f]{40}(?![0-9a-f])/y),
  format(
    'a Slack token',
    'xoxb- xoxp- xoxa- xoxr- xoxs-',
    /xox[bpars]-\d{8,14}-[A-Za-z0-9-]{20,150}(?![A-Za-z0-9-])/y,
  ),
  format('a Slack token', 'xapp-', /xapp-\d-[A-Z0-9]{8,14}-\d{8,14}-[a-f0-9]{64}/y),
  format(
    'a Slack webhook',
    'https://hooks.slack.com/',
    /https:\/\/hooks\.slack\.com\/(?:services|workflows|triggers)\/[A-Z0-9]{8,12}\/[A-Z0-9]{8,14}\/(?:\d{12,20}\/)?[A-Za-z0-9]{20,40}/y,
  ),
  format(
    'a Discord webhook',
    'https://discord.com/api/webhooks/ https://discordapp.com/api/webhooks/',
    /https:\/\/discord(?:app)?\.com\/api\/webhooks\/\d{17,20}\/[\w-]{60,80}(?![\w-])/y,
  ),
  format(
    'a Teams webhook',
    'webhook.office.com/webhookb2/',
    /webhook\.office\.com\/webhookb2\/[\da-f-]{36}@[\da-f-]{36}\/IncomingWebhook\/[\da-f]{32}\/[\da-f-]{36}/y,
  ),
  format(
    'a Telegram token',
    'https://api.telegram.org/bot',
    /https:\/\/api\.telegram\.org\/bot\d{8,12}:[\w-]{35}(?![\w-])/y,
  ),
  format(
    'an AWS access key id',
    'AKIA ASIA',
    /A(?:KI|SI)A[A-Z2-7]{16}(?![A-Z0-9])/y,
    hasAwsAccount,
  ),
  format(
    'a Stripe key',
    'sk_live_ sk_test_ rk_live_ rk_test_',
    /[sr]k_(?:live|test)_[A-Za-z0-9]{24,247}(?![A-Za-z0-9])/y,
  ),
  format('a Stripe secret', 'whsec_', /whsec_[A-Za-z0-9+/]{32,64}={0,2}/y),
  format('a Google API key', 'AIza', /AIza[\w-]{35}(?![\w-])/y),
  format('a Google client secret', 'GOCSPX-', /GOCSPX-[\w-]{28}(?![\w-])/y),
  format('a SendGrid key', 'SG.', /SG\.[\w-]{22}\.[\w-]{43}(?![\w-])/y),
  format('a Confluent Cloud API secret', 'cflt', /cflt[A-Za-z0-9+/]{60}(?![A-Za-z0-9+/=])/y),
  format('a HashiCorp Vault token', 'hvs. hvb. hvr.', /hv[sbr]\.[\w-]{24,200}(?![\w-])/y),
  format('a Terraform token', 'atlasv1.', /atlasv1\.[\w-]{60,70}(?![\w-])/y),
  format('a Databricks token', 'dapi dkea', /d(?:api|kea)[a-f0-9]{32}(?:-\d)?(?![a-z0-9])/y),
  format('an Anthropic key', 'sk-ant-', /sk-ant-(?:api|admin)\d\d-[\w-]{93}AA(?![\w-])/y),
  format(
    'an OpenAI key',
    'sk-',
    /sk-(?:(?:proj|svcacct|admin)-)?[\w-]{20,80}T3BlbkFJ[\w-]{20,80}(?![\w-])/y,
  ),
  format('a New Relic key', 'NRAK- NRII- NRIQ-', /NR(?:AK|II|IQ)-[A-Za-z0-9_-]{27,32}(?![\w-])/y),
  format('a PyPI token', 'pypi-', /pypi-AgEIcHlwaS5vcmc[\w-]{50,1000}/y),
  format('a DigitalOcean token', 'dop_v1_ doo_v1_ dor_v1_', /do[opr]_v1_[a-f0-9]{64}(?![a-f0-9])/y),
  format(
    'a Grafana token',
    'glsa_',
    /glsa_[A-Za-z0-9]{32}_[a-f0-9]{8}(?![A-Za-z0-9])/y,
    endsInLittleEndianCrc,
  ),
  format('a Grafana token', 'glc_', /glc_eyJ[A-Za-z0-9+/]{40,400}={0,2}/y),
  format('a Hugging Face token', 'hf_', /hf_[A-Za-z]{34}(?![A-Za-z0-9])/y),
  format(
    'a Shopify token',
    'shpat_ shpss_ shpca_ shppa_',
    /shp(?:at|ss|ca|pa)_[a-fA-F0-9]{32}(?![A-Za-z0-9])/y,
  ),
  format('a MongoDB Atlas secret', 'mdb_sa_sk_', /mdb_sa_sk_[\w-]{40}(?![\w-])/y),
  format('a PlanetScale credential', 'pscale_', /pscale_(?:pw|tkn|oauth)_[\w.-]{32,64}(?![\w.-])/y),
  format(
    'a Doppler token',
    'dp.',
    /dp\.(?:pt|st|sa|ct|scim|audit)\.(?:[a-z0-9_-]{2,35}\.)?[A-Za-z0-9]{40,44}(?![A-Za-z0-9])/y,
  ),
  format(
    'a Dynatrace token',
    'dt0c01. dt0s01. dt0s16.',
    /dt0[cs](?:01|16)\.[A-Z0-9]{8,24}\.[A-Z0-9]{64}(?![A-Z0-9])/y,
  ),
  format('a password of Aiven', 'AVNS_', /AVNS_[\w-]{17,30}(?![\w-])/y),
  format('a Supabase token', 'sbp_', /sbp_[a-f0-9]{40}(?![a-f0-9])/y),
  format('a Linear key', 'lin_api_', /lin_api_[A-Za-z0-9]{40}(?![A-Za-z0-9])/y),
  format(
    'an age secret key',
    'AGE-SECRET-KEY-1',
    /AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}/y,
  ),
  format(
    'a token of this registry',
    'srt_',
    /srt_[0-9a-f]{16}_[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048](?![\w-])/y,
  ),
  format(
    'a JSON Web Token',
    'eyJ',
    /eyJ[\w-]{8,2000}\.eyJ[\w-]{4,8000}\.[\w-]{16,2000}/y,
    isJsonWebToken,
  ),
];

const BY_BEGINNING = new Map<string, TokenFormat[]>();
for (const it of FORMATS) {
  for (const beginning of it.begins) {
    const others = BY_BEGINNING.get(beginning);
    if (others === undefined) BY_BEGINNING.set(beginning, [it]);
    else others.push(it);
  }
}

const BEGINNINGS = new RegExp(
  `(?<![A-Za-z0-9])(?:${[...BY_BEGINNING.keys()]
    .sort((a, b) => b.length - a.length)
    .map((it) => it.replaceAll('.', '\\.'))
    .join('|')})`,
  'g',
);

function format(
  name: string,
  begins: string,
  form: RegExp,
  isReal?: (token: string) => boolean,
): TokenFormat {
  return { name, begins: begins.split(' '), form, ...(isReal !== undefined && { isReal }) };
}

function tokenAt({ form, isReal }: TokenFormat, text: string, at: number): string | undefined {
  const token = matchAt(form, text, at)?.[0];
  if (token === undefined || !isVaried(token) || /example/i.test(token)) return undefined;
  return isReal === undefined || isReal(token) ? token : undefined;
}

/** `ghp_xxxxxxxx…`: something that was put in by hand, to be replaced. */
function isVaried(token: string): boolean {
  return new Set(token.slice(-16)).size >= 6;
}

function isJsonWebToken(token: string): boolean {
  const [header = ''] = token.split('.');
  try {
    const parsed: unknown = JSON.parse(Buffer.from(header, 'base64url').toString('utf8'));
    return typeof parsed === 'object' && parsed !== null && 'alg' in parsed;
  } catch {
    return false;
  }
}

const PEM_BEGINNING = /-----BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----/g;
const PEM_END = '-----END ';

/** RFC 7468, as PEM stands in a setting: its line ends may be gone, or written `\n` as in a JSON key file. */
function privateKeys(text: string): Credential[] {
  const found: Credential[] = [];
  let done = 0;
  for (const { 0: beginning, index } of text.matchAll(PEM_BEGINNING)) {
    if (index < done) continue;
    const body = index + beginning.length;
    const last = text.indexOf(PEM_END, body);
    const dashes = last === -1 ? -1 : text.indexOf('-----', last + PEM_END.length);
    done = dashes === -1 ? text.length : dashes + 5;
    const start = text.slice(body, body + 4000).replace(/\\[rn]|\s/g, '');
    if (!/[A-Za-z0-9+/=]{24}/.test(start) || !isVaried(start.slice(0, 60))) continue;
    found.push({
      kind: 'token',
      name: 'a private key',
      start: index,
      end: done,
      content: 'literal',
    });
  }
  return found;
}
