import { parsePath } from '../../domain/names.ts';
import { isBareReference } from '../../domain/reference-fault.ts';
import { referenceText } from '../../domain/reference.ts';
import { secretCommand } from '../../domain/shell-word.ts';
import { visible } from '../../domain/visible.ts';
import type { ConnectorContext, Rule } from '../rule.ts';
import { entriesWithCredentials, literalSecretsOf } from '../secrets/connector-credentials.ts';
import type { Credential } from '../secrets/credential.ts';
import type { LiteralSecret } from '../secrets/literal-secrets.ts';
import { quoted } from '../wording.ts';

export const literalSecret: Rule = {
  id: 'literal-secret',
  severity: 'error',
  sentence:
    "A credential stands in the settings as plain text. What connectors declare as a password is known from their own ConfigDefs, everything else is told from the setting's name, from JAAS options, URLs, headers and from the formats of tokens; references of any provider, templates, encrypted values and words to be replaced are left alone.",
  each: 'setting',
  among: ({ connector }) => entriesWithCredentials(connector),
  check(context, entry) {
    // malformed-reference tells of it.
    if (isBareReference(entry.value ?? '', context.providers, context.name)) return [];
    return literalSecretsOf(context.connector, entry).map((secret) => {
      const { start, end } = context.document.locate(entry.pointer, secret.start, secret.end);
      return { start, end, message: messageOf(secret), hint: hintOf(context, secret.key) };
    });
  },
};

function messageOf({ entry, credential }: LiteralSecret): string {
  return `${placeOf(quoted(entry.key), credential)} in plain text: it can be read in this file, in Connect's REST interface and in its config topic; a reference names it instead`;
}

function placeOf(setting: string, { kind, name = '' }: Credential): string {
  switch (kind) {
    case 'setting':
      return `${setting} holds a credential`;
    case 'user-info':
      return `${setting} holds a user's password`;
    case 'option':
      return `option ${quoted(name)} of ${setting} holds a credential`;
    case 'parameter':
      return `${quoted(name)} in ${setting} holds a credential`;
    case 'header':
      return `header ${quoted(name)} in ${setting} holds a credential`;
    case 'token':
      return `${setting} holds ${name}`;
  }
}

function hintOf({ name, providers }: ConnectorContext, key: string): string {
  const path = name !== undefined && parsePath(name).ok ? name : 'CONNECTOR';
  const reference = visible(referenceText(providers.own, path, key));
  return `${reference}    (to store it: ${secretCommand('put', [path, key])})`;
}
