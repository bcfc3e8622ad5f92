// Makes findings of what a worker refused, at the settings that it is about.
import type { Entry } from '../../documents/shapes.ts';
import type { Place } from '../../documents/position.ts';
import { secretCommand } from '../../domain/shell-word.ts';
import { visible } from '../../domain/visible.ts';
import type { Finding } from '../diagnostic.ts';
import { isPlainReference } from '../plain-name.ts';
import type { ConnectorContext } from '../rule.ts';
import { quoted } from '../wording.ts';
import { type Asked, type Dummy, withDummies } from './dummies.ts';
import { type ShownText, textsAbout } from './shown-text.ts';
import type { WorkerVerdict } from './verdict.ts';

export interface Refusal extends Finding {
  /** True where it may be because of a dummy, and then says nothing against the file. */
  ofDummy: boolean;
}

export function refusals(context: ConnectorContext): Refusal[] {
  const { verdict, connector, name, providers } = context;
  if (verdict === undefined) return [];
  const asked = withDummies(connector, name, verdict.definitions, providers);
  const shown = textsAbout(asked, verdict.definitions);
  const found = refused(verdict, connector.entries).map(({ setting, texts }) =>
    refusal(context, asked, setting, texts, (text) => shown(text, setting)),
  );
  return withoutRepeated(found);
}

interface Refused {
  /** Undefined where the worker refused the whole configuration, and named none. */
  setting: string | undefined;
  texts: readonly string[];
}

function refused({ fields, refusal }: WorkerVerdict, entries: readonly Entry[]): Refused[] {
  const whole =
    refusal === undefined ? [] : [{ setting: settingIn(refusal, entries), texts: [refusal] }];
  return [...whole, ...fields.map(({ name, errors }) => ({ setting: name, texts: errors }))];
}

/**
 * The setting that a refusal of the whole configuration names: in quotes, or as ConfigException does, by the name that a client
 * of Kafka has for it.
 */
function settingIn(text: string, entries: readonly Entry[]): string | undefined {
  const ofClient = /for configuration ([^\s:]+)/.exec(text)?.[1];
  return entries.find(
    ({ key }) =>
      text.includes(`'${key}'`) ||
      text.includes(`"${key}"`) ||
      (ofClient !== undefined && (key === ofClient || key.endsWith(`.override.${ofClient}`))),
  )?.key;
}

function refusal(
  context: ConnectorContext,
  { dummies }: Asked,
  setting: string | undefined,
  texts: readonly string[],
  shownText: (text: string) => ShownText,
): Refusal {
  const shown = texts.map(shownText);
  const own = dummies.filter((dummy) => dummy.setting === setting);
  const isAboutLogin = dummies.length > 0 && texts.every(isOfLogin);
  const ofDummy = own.length > 0 || isAboutLogin || shown.some(({ namesDummy }) => namesDummy);
  const what = setting === undefined ? 'the configuration' : quoted(setting);
  const why = ofDummy ? `, ${reason(own)}` : '';
  return {
    ...placeOf(context, setting),
    message: `the worker refuses ${what}${why}: ${shown.map(({ text }) => text).join('; ')}`,
    ...hintFor(context, setting, texts, own),
    ofDummy,
  };
}

/** A connector that logs in while it is validated cannot do so with a dummy, whichever setting it then complains of. */
function isOfLogin(text: string): boolean {
  if (/^Invalid value |^Missing required configuration /.test(text)) return false;
  return /connect(?!or)|authenti|authori[sz]|credential|\blog ?in|password|access denied|timed? ?out|unknown ?host/i.test(
    text,
  );
}

function reason(own: readonly Dummy[]): string {
  if (own.length === 0) return 'perhaps only since it was asked with dummies for the references';
  const written = own.map((dummy) =>
    isPlainReference(dummy.written) ? dummy.written : 'a reference',
  );
  return `which it was given with a dummy for ${visible(written.join(' and '))}`;
}

/** The value of the setting; where the file lacks it, the class that asks for it. */
function placeOf(
  { connector, document }: ConnectorContext,
  setting: string | undefined,
): Place & { isName?: boolean } {
  const at = (key: string | undefined) => connector.entries.find((entry) => entry.key === key);
  const own = at(setting);
  if (own !== undefined) return document.locate(own.pointer);
  const ofClass = at('connector.class');
  if (ofClass !== undefined) return { ...document.locate(ofClass.pointer), isName: true };
  const { start } = document.locate(connector.configPointer);
  return { start, end: start + 1 };
}

function hintFor(
  { providers }: ConnectorContext,
  setting: string | undefined,
  texts: readonly string[],
  own: readonly Dummy[],
): { hint?: string } {
  const [first] = own;
  if (first !== undefined) {
    const { provider, path, key } = first.reference;
    if (!providers.isOurs(provider) || !isPlainReference(first.written)) return {};
    return { hint: `${secretCommand('get', [path, key])}    (the value that the worker gets)` };
  }
  const isMissing = texts.some((text) => text.startsWith('Missing required configuration '));
  if (!isMissing || setting === undefined) return {};
  return { hint: visible(`${JSON.stringify(setting)}: "…",    (the connector needs it)`) };
}

/** Two settings that the file lacks can have the same error, such as `topics` and `topics.regex`. */
function withoutRepeated(found: readonly Refusal[]): Refusal[] {
  const told = new Set<string>();
  return found.filter(({ start, message }) => {
    const text = `${start} ${message.replace(/^the worker refuses '[^']*'/, '')}`;
    if (told.has(text)) return false;
    told.add(text);
    return true;
  });
}
