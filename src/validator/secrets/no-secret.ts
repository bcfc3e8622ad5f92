// What stands in the place of a credential and is none: references of any provider, templates that are filled in later,
// encrypted values, names of a place in a vault, and words that ask the reader to put something in.
import { CONCOURSE_VARIABLE } from '../../documents/template.ts';
import { nextMatch } from '../../domain/matching.ts';

/** What a text is that stands where a credential belongs. */
export type Content = 'literal' | 'masked' | 'none';

/**
 * `text` is the part of a value that may be a credential, `open` the same with its templates blanked. With a template in it,
 * the answer is `none`: nobody knows what it will be before it is filled in.
 */
export function contentOf(text: string, open: string): Content {
  const trimmed = text.trim();
  if (trimmed === '' || open.includes(BLANK)) return 'none';
  if (isMask(trimmed)) return 'masked';
  return NO_SECRETS.some((pattern) => pattern.test(trimmed)) || isFillIn(trimmed)
    ? 'none'
    : 'literal';
}

/** What a user interface shows in place of a credential, Kafka's `[hidden]` among them (Password.HIDDEN). */
export function isMask(text: string): boolean {
  return text.length <= LONGEST_MASK && MASK.test(text);
}

/** What takes the place of a template, so that offsets stay. */
export const BLANK = '\u0000';

/** The text with every `${…}`, `{{…}}`, `$(…)`, `#{…}`, `%{…}` and `<%…%>` blanked. */
export function withoutTemplates(text: string): string {
  if (!TEMPLATE_SIGN.test(text)) return text;
  let open = text;
  for (const [opening, closing] of TEMPLATES) open = blanked(open, opening, closing);
  return open;
}

const TEMPLATE_SIGN = /[$#%{<][({%]/;

const LONGEST_MASK = 256;

const MASK =
  /^(?:\*{3,}|[•●·∙]{3,}|[[<({]{1,2} ?(?:hidden|redacted|masked|secret hidden|removed|sensitive|filtered|protected) ?[\]>)}]{1,2}|\*+ ?(?:hidden|redacted|masked) ?\*+|__?redacted__?|redacted)$/i;

const NO_SECRETS: readonly RegExp[] = [
  // A variable of a shell, of Windows, of Ansible's and Azure's replacing.
  /^\$[A-Z_][A-Z0-9_]*$/,
  /^(%%?)[A-Za-z_][\w.-]*\1$/,
  /^%[sd]$/,
  // A variable whose sign was forgotten, or is put in by hand.
  /^(?:[A-Z][A-Z0-9]*_)+(?:PASSWORD|PASSWD|PASS|PWD|SECRET|TOKEN|KEY|KEY_ID|CREDENTIALS?|PASSPHRASE)$/,
  /^@[\w.-]+@$/,
  /^__[A-Za-z0-9_.-]+__$/,
  /^_[A-Z0-9]+(?:_[A-Z0-9]+)+_$/,
  CONCOURSE_VARIABLE,
  // Go and Terraform, where the text around them was cut off.
  /^(?:var|local|data|module)\.[a-z_][\w.[\]"]*$/,
  // Encrypted: Jasypt, SOPS, eyaml, Spring Cloud Config, Ansible Vault, HashiCorp's transit engine.
  /^ENC\[?\(?[^]*[\])]$/,
  /^\{cipher\}/,
  /^\$ANSIBLE_VAULT;/,
  /^vault:v\d+:[\w+/=]+$/,
  // The name of a place in a vault: Bank-Vaults, AWS, Google, Azure, 1Password, SecretHub, Berglas.
  /^(?:>>)?vault:[\w./-]+(?:#[^]*)?$/,
  /^arn:aws[\w-]*:(?:secretsmanager|ssm|kms):/,
  /^(?:gcp:|sm:\/\/|gcp-secret-manager:)?(?:\/\/secretmanager\.googleapis\.com\/)?projects\/[\w-]+\/secrets\//,
  /^https:\/\/[\w-]+\.vault\.azure\.net\/secrets\//,
  /^@Microsoft\.KeyVault\(/,
  /^(?:op|secrethub|berglas|ref\+\w+|awssm|awsssm|gcpsm|azurekeyvault|keychain|doppler):\/\//,
  // A reference that is not closed, or not opened: malformed-reference tells of those.
  /^\$\{/,
  /^(?:[%#@&＄]|\$[ \u00A0\u00AD\u200B-\u200F\u2060\uFEFF]{0,16})?\{?[\w.-]+:[\w./-]+:[\w./-]+\}$/,
  // The keys in the manuals of AWS.
  /^(?:A(?:KI|SI)A[A-Z0-9]{9}EXAMPLE|[\w+/]{30}EXAMPLEKEY)$/,
  /^(?:true|false|null|none|nil|undefined|n\/a)$/i,
  // A file: `/run/secrets/password`, `/etc/Keys/orders.json`. Base64 may begin so too, and has other letters or no dot.
  /^(?:file:(?:\/\/)?)?(?:\/[a-z0-9._-]+){2,}$/,
  /^(?:file:(?:\/\/)?|[A-Za-z]:)?(?:[\\/][\w .-]+)+\.[a-z][a-z0-9]{1,7}$/,
];

/** `<password>`, `YOUR_PASSWORD`, `change-me`, `xxxx`, `…`. */
function isFillIn(text: string): boolean {
  return text.length <= LONGEST_FILL_IN && FILL_IN.test(text);
}

const LONGEST_FILL_IN = 100;

const FILL_IN = new RegExp(
  `^(?:${[
    String.raw`<[^<>]+>`,
    String.raw`\[[a-z][a-z _.-]*\]|\[\[ ?[\w.-]+(?: [\w.-]+)* ?\]\]`,
    String.raw`[x]{3,}|\.{3}|…|\?{3,}|-{3,}|_{3,}|#{3,}`,
    String.raw`(?:please[-_ ]?)?change[-_ ]?(?:me|this|it[-_ ]please)!*`,
    String.raw`(?:to[-_ ]?be[-_ ]?|please[-_ ]?)?(?:replaced?|fill(?:ed)?|set|insert(?:ed)?|put|enter|add|provide)[-_ ](?:me|this|it|in|here|with|your|the|by)\b[\w -]*`,
    String.raw`(?:replace|insert|enter)[-_ ]?me`,
    String.raw`(?:my|your|the|an?)[-_ ](?:[a-z0-9]+[-_ ]){0,5}(?:password|passwd|pass|secret|token|key|credentials?|passphrase)(?:[-_ ]?(?:here|goes[-_ ]here|value))?`,
    String.raw`(?:your|insert|enter|replace)[-_][\w-]+`,
    String.raw`to-?do|tbd|fix-?me|placeholder|dummy|redacted|omitted|example|sample|not[-_ ]?set|unset|none`,
  ].join('|')})$`,
  'i',
);

const TEMPLATES: ReadonlyArray<readonly [string, string]> = [
  ['${', '}'],
  ['{{', '}}'],
  ['$(', ')'],
  ['#{', '}'],
  ['%{', '}'],
  ['<%', '%>'],
];

function blanked(text: string, opening: string, closing: string): string {
  const parts: string[] = [];
  let done = 0;
  let close = 0;
  for (let start = text.indexOf(opening); start !== -1; start = text.indexOf(opening, done)) {
    if (close !== -1) close = text.indexOf(closing, start + opening.length);
    if (close === -1 && opening !== '${') break;
    // A reference that was not closed ends with its word.
    const end = close === -1 ? nextMatch(WORD_END, text, start + 2) : close + closing.length;
    parts.push(text.slice(done, start), BLANK.repeat(end - start));
    done = end;
  }
  return done === 0 ? text : parts.join('') + text.slice(done);
}

const WORD_END = /[\s"'`;,&@/{}]/g;
