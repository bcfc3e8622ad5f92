// The scripts and requests that files of YAML hold: commands of containers (Kubernetes, Docker Compose), steps of a pipeline
// (GitHub, GitLab, Azure, CircleCI), tasks of Ansible. Each text is a script, or the JSON that is sent.
import { interpolated, isCompose } from './compose.ts';
import { isOfFiles } from './config-maps.ts';
import { connectorInUrl, isConfigUrl } from './connector-url.ts';
import type { HeldText, SourceDocument } from './document.ts';
import { embed } from './embedded.ts';
import { below, isContainer } from './plain-value.ts';

/** Members whose value is a command or a script, or a list of the words or lines of one; or the body of a request. */
const MEMBERS: ReadonlySet<string> = new Set([
  'command',
  'args',
  'entrypoint',
  'run',
  'script',
  'before_script',
  'after_script',
  'bash',
  'inlineScript',
  'shell',
  'ansible.builtin.shell',
  'ansible.builtin.command',
  'cmd',
  'body',
]);

/** Those of all commands in a document, but for what stands inside of `others`, which are JSON pointers. */
export function textsOfCommands(document: SourceDocument, others: ReadonlySet<string>): HeldText[] {
  return document.roots.flatMap(({ pointer, value }) => {
    const texts = commandTexts(value, pointer, others).filter(isOfInterest);
    return texts.map(isCompose(value) ? inCompose : inPlace);
  });

  function inPlace({ text, pointer, url }: CommandText): HeldText {
    return held(text, document, pointer, url);
  }

  function inCompose({ text, pointer, url }: CommandText): HeldText {
    const it = interpolated(document, pointer, text);
    return held(it.text, it.document, pointer, url);
  }
}

interface CommandText {
  text: string;
  pointer: string;
  /** The address beside it that names a connector: a word of the same command, or the `url` of the same task. */
  url: string | undefined;
}

/**
 * JSON is that of a connector only where it has a class: a body may be sent to anybody. What is one expression of Jinja's is
 * made when it is rendered.
 */
function isOfInterest({ text }: CommandText): boolean {
  if (isExpression(text.trim())) return false;
  return text.includes('connector.class') || !JSON_OBJECT.test(text);
}

function held(
  text: string,
  around: SourceDocument,
  pointer: string,
  url: string | undefined,
): HeldText {
  return {
    text,
    place: (inner) => embed(around, pointer, inner),
    isScript: !JSON_OBJECT.test(text),
    connectorName: url && connectorInUrl(url),
    isNamedElsewhere: 'flat-map',
  };
}

/** Braces in it are those of its maps, and no second sign stands in it. */
function isExpression(text: string): boolean {
  return text.startsWith('{{') && text.endsWith('}}') && text.lastIndexOf('{{') === 0;
}

/** Not that of a shell's `{ …; }` or `[ … ]`. */
const JSON_OBJECT = /^\s*\{\s*["}]/;

interface Open {
  value: unknown;
  pointer: string;
  isCommand: boolean;
  url: string | undefined;
}

function commandTexts(root: unknown, start: string, others: ReadonlySet<string>): CommandText[] {
  const texts: CommandText[] = [];
  const open: Open[] = [{ value: root, pointer: start, isCommand: false, url: undefined }];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const { value, pointer, isCommand } = at;
    if (typeof value === 'string' && isCommand) texts.push({ text: value, pointer, url: at.url });
    if (!isContainer(value) || others.has(pointer) || isOfFiles(value)) continue;
    const isList = Array.isArray(value) && isCommand;
    const members: [name: string, inner: unknown][] = Object.entries(value);
    const url = urlAmong(members.flatMap(([, inner]) => inner)) ?? (isList ? at.url : undefined);
    for (const [name, inner] of members.toReversed())
      open.push({
        value: inner,
        pointer: below(pointer, name),
        isCommand: isList || MEMBERS.has(name),
        url,
      });
  }
  return texts;
}

/** Among words: those of `command` and `args` are one list to Kubernetes. */
function urlAmong(words: readonly unknown[]): string | undefined {
  return words.find(
    (word): word is string => typeof word === 'string' && !/\s/.test(word) && isConfigUrl(word),
  );
}
