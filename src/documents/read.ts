// Reads a text of any format. The format is decided by what the text holds, never by the name of its file. The parser of a
// format is loaded when the first text of that format comes.
import { textsOfCommands } from './commands.ts';
import { textsOfResources } from './config-maps.ts';
import type { Format, HeldText, SourceDocument } from './document.ts';
import { parseJson } from './json.ts';
import { looksLikeKsql } from './ksql/recognise.ts';
import { connectorsOfKsql } from './ksql/shape.ts';
import { looksLikeProperties } from './properties/recognise.ts';
import { connectorOfProperties } from './properties/shape.ts';
import { behindFirstMark, conflictProblem } from './merge-conflict.ts';
import { looksLikeShell, sendsByCurl } from './shell/recognise.ts';
import {
  type Connector,
  connectorsIn,
  flatMap,
  isMeantAsConnector,
  mentionsConnector,
  type ShapeOptions,
} from './shapes.ts';
import { isObject } from './plain-value.ts';
import { templateProblem } from './template.ts';
import { templated } from './templated.ts';
import { withoutValues } from './without-values.ts';
import { isTerraformJson, looksLikeTerraform } from './terraform/recognise.ts';
import { connectorsOfTerraform } from './terraform/shape.ts';
import { looksLikeYaml } from './yaml/recognise.ts';

export interface Source {
  /** The file's, and those inside it. The places of all their problems are in the file's text. */
  documents: readonly SourceDocument[];
  connectors: readonly Connector[];
  /** True for a text that looks like no format. Its problem then says why it is not JSON. */
  isOfNoFormat: boolean;
}

interface OtherFormat {
  /** True for a text that can only be of this format. Looks at its beginning, without a parser. */
  fits(text: string): boolean;
  load(): Promise<(text: string) => SourceDocument>;
}

const SHELL: OtherFormat = {
  fits: looksLikeShell,
  load: async () => (await import('./shell/shell.ts')).parseShell,
};

/** Asked in this order. A text that fits none is parsed as JSON, so that its fault is reported. */
const OTHER_FORMATS: readonly OtherFormat[] = [
  SHELL,
  {
    fits: looksLikeTerraform,
    load: async () => (await import('./terraform/terraform.ts')).parseTerraform,
  },
  { fits: looksLikeKsql, load: async () => (await import('./ksql/ksql.ts')).parseKsql },
  { ...SHELL, fits: (text) => sendsByCurl(text) && !looksLikeYaml(text) },
  {
    fits: looksLikeProperties,
    load: async () => (await import('./properties/properties.ts')).parseProperties,
  },
  { fits: looksLikeYaml, load: async () => (await import('./yaml/document.ts')).parseYaml },
];

/** For the formats whose connectors do not look as they do in JSON. */
const SHAPES: Partial<Record<Format, typeof connectorsIn>> = {
  properties: connectorOfProperties,
  terraform: connectorsOfTerraform,
  'terraform-json': connectorsOfTerraform,
  ksql: connectorsOfKsql,
};

export async function readSource(text: string, options: ShapeOptions): Promise<Source> {
  const format = formatOf(text);
  const isOfNoFormat = format === undefined;
  const document = templated(readable(await parse(text, format)));
  const connectors = connectorsOf(document, options);
  const held = heldBy(document, () => connectors);
  // As nearly every file.
  if (held.length === 0) return { documents: [document], connectors, isOfNoFormat };
  const inside = await readAll(held, options);
  const isOfOthers = connectors.length === 0 && inside.length > 0;
  return {
    documents: [
      isOfOthers ? withoutRepeated(document) : document,
      ...inside.map((it) => it.document),
    ],
    connectors: [...connectors, ...inside.flatMap((it) => it.connectors)],
    isOfNoFormat,
  };
}

/**
 * Of a file that only holds connectors in its texts, its own reader says which names stand there twice, unless what is not read
 * for it may be a connector.
 */
function withoutRepeated(document: SourceDocument): SourceDocument {
  const others = document.problems.filter(
    ({ kind, earlier = 0, start }) =>
      kind !== 'duplicate-key' || mentionsConnector(document.text.slice(earlier, start)),
  );
  return others.length === document.problems.length ? document : withoutValues(document, others);
}

interface Read {
  document: SourceDocument;
  connectors: readonly Connector[];
}

/** `connectors` are those of the document, asked for where it may hold commands. */
function heldBy(
  document: SourceDocument,
  connectors: () => readonly Connector[],
): readonly HeldText[] {
  if (document.held !== undefined) return document.held;
  const texts = textsOfResources(document);
  if (document.format !== 'yaml') return texts;
  const others = new Set(connectors().map(({ pointer }) => pointer));
  return [...texts, ...textsOfCommands(document, others)];
}

async function readAll(
  held: readonly HeldText[],
  options: ShapeOptions,
  depth = 1,
): Promise<readonly Read[]> {
  if (depth > DEEPEST) return NONE;
  return (await Promise.all(held.map((it) => readHeld(it, options, depth)))).flat();
}

const NONE: readonly Read[] = [];

/** JSON in a script in a ConfigMap is two deep. */
const DEEPEST = 4;

/**
 * Reads a text inside the file if it describes a connector, or was meant to, and the texts inside of it. Settings of others are
 * left alone.
 */
async function readHeld(
  held: HeldText,
  options: ShapeOptions,
  depth: number,
): Promise<readonly Read[]> {
  const { text, place, isScript, connectorName, sentAs } = held;
  if (sentAs === undefined && !mentionsConnector(text)) return NONE;
  const format = isScript === true ? SHELL : formatOf(text);
  if (format === undefined) return NONE;
  const inner = readable(await parse(text, format));
  const document = place(inner);
  const connectors = sentIn(document, held, connectorsOf(document, options));
  for (const one of connectors) {
    one.name ??= connectorName;
    if (one.name === undefined && mayBeNamedElsewhere(one, held))
      one.unknown = { settings: one.unknown?.settings === true, name: true };
  }
  const isBroken =
    document.problems.some(({ kind }) => kind !== 'duplicate-key') &&
    (connectorName !== undefined || isMeantAsConnector(text, options));
  const texts = heldBy(inner, () => connectorsOf(inner, options)).map((it) => through(place, it));
  const inside = await readAll(texts, options, depth + 1);
  if (connectors.length > 0 || isBroken) return [{ document, connectors }, ...inside];
  return inside.length > 0 && mayAskToIgnore(inner) ? [onlyComments(document), ...inside] : inside;
}

/** Looked for in the text first: there may be thousands of scripts, and few hold such a comment. */
function mayAskToIgnore({ text }: SourceDocument): boolean {
  return text.includes('secretreg');
}

/** Of a script that only holds others: what its comments say is meant for what it sends. */
function onlyComments(document: SourceDocument): Read {
  return { document: withoutValues(document, []), connectors: [] };
}

/**
 * The connectors of a text, with what its request says of them: the address that it is sent to makes any object the settings
 * of a connector, and `PATCH` (KIP-477) sends some of them.
 */
function sentIn(
  document: SourceDocument,
  { sentAs, connectorName }: HeldText,
  found: Connector[],
): Connector[] {
  if (sentAs === undefined) return found;
  const sent = found.length === 0 ? flatMapsIn(document) : found;
  for (const one of sent) {
    if (connectorName !== undefined && !one.needsName) one.nameInUrl = connectorName;
    if (sentAs === 'some') one.unknown = { name: one.unknown?.name === true, settings: true };
  }
  return sent;
}

function flatMapsIn(document: SourceDocument): Connector[] {
  if (document.format !== 'json') return [];
  return document.roots.flatMap(({ value, pointer }) =>
    isObject(value) ? [flatMap(value, pointer, { document })] : [],
  );
}

/** `connect-standalone` needs the name in a .properties file; an operator that mounts one, such as KubeDB, gives its own. */
function mayBeNamedElsewhere(
  { needsName, document }: Connector,
  { isNamedElsewhere }: HeldText,
): boolean {
  if (needsName) return isNamedElsewhere === 'properties-too' && document.format === 'properties';
  return isNamedElsewhere !== undefined;
}

/** A text of a document that stands at such a place itself. */
function through(place: HeldText['place'], held: HeldText): HeldText {
  return { ...held, place: (inner) => place(held.place(inner)) };
}

function connectorsOf(document: SourceDocument, options: ShapeOptions): Connector[] {
  return document.roots.length === 0
    ? []
    : (SHAPES[document.format] ?? connectorsIn)(document, options);
}

/** What is not ready to be read gets one problem, in place of all the faults that it and its connectors have until then. */
function readable(document: SourceDocument): SourceDocument {
  const problem = conflictProblem(document) ?? templateProblem(document);
  return problem === undefined ? document : withoutValues(document, [problem]);
}

/** Without a promise for JSON, of which there may be ten thousand files. */
function parse(text: string, format: TextFormat): SourceDocument | Promise<SourceDocument> {
  if (format !== undefined && format !== 'json') return format.load().then((it) => it(text));
  const document = parseJson(text, format === undefined);
  return isTerraformJson(document.roots[0]?.value)
    ? import('./terraform/json.ts').then((it) => it.terraformOfJson(document))
    : document;
}

/** undefined for a text that looks like no format. */
type TextFormat = OtherFormat | 'json' | undefined;

function formatOf(text: string): TextFormat {
  const beginning = behindFirstMark(text);
  if (JSON_BEGINNING.test(beginning)) return 'json';
  return OTHER_FORMATS.find((format) => format.fits(beginning));
}

/** Not `[ -n "$CONNECT" ]`, with which a script may begin. */
const JSON_BEGINNING = /^\uFEFF?\s*(?:\{|\[(?!\[?[ \t]+(?:!|-[a-z][ \t]|"?\$)))/;
