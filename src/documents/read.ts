// Reads a text of any format. The format is decided by what the text holds, never by the name of its file. The parser of a
// format is loaded when the first text of that format comes.
import { heldTexts, type HeldText } from './config-maps.ts';
import type { Format, SourceDocument } from './document.ts';
import { parseJson } from './json.ts';
import { looksLikeKsql } from './ksql/recognise.ts';
import { connectorsOfKsql } from './ksql/shape.ts';
import { looksLikeProperties } from './properties/recognise.ts';
import { connectorOfProperties } from './properties/shape.ts';
import { behindFirstMark, conflictProblem } from './merge-conflict.ts';
import type { Problem } from './problem.ts';
import { type Connector, connectorsIn, mentionsConnector, type ShapeOptions } from './shapes.ts';
import { templateProblem } from './template.ts';
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

/** Asked in this order. A text that fits none is parsed as JSON, so that its fault is reported. */
const OTHER_FORMATS: readonly OtherFormat[] = [
  {
    fits: looksLikeTerraform,
    load: async () => (await import('./terraform/terraform.ts')).parseTerraform,
  },
  { fits: looksLikeKsql, load: async () => (await import('./ksql/ksql.ts')).parseKsql },
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
  const document = readable(await parse(text));
  const file = { document, connectors: connectorsOf(document, options) };
  const inside = await Promise.all(heldTexts(document).map((held) => readHeld(held, options)));
  const read = [file, ...inside.filter((it) => it !== undefined)];
  return {
    documents: read.map((it) => it.document),
    connectors: read.flatMap((it) => it.connectors),
    isOfNoFormat: formatOf(text) === undefined,
  };
}

interface Read {
  document: SourceDocument;
  connectors: readonly Connector[];
}

/** Reads a text inside the file if it describes a connector, or was meant to. Scripts and settings of others are left alone. */
async function readHeld(
  { text, place }: HeldText,
  options: ShapeOptions,
): Promise<Read | undefined> {
  if (!mentionsConnector(text) || formatOf(text) === undefined) return undefined;
  const document = place(readable(await parse(text)));
  const connectors = connectorsOf(document, options);
  const isBroken = document.problems.some(({ kind }) => kind !== 'duplicate-key');
  return connectors.length > 0 || isBroken ? { document, connectors } : undefined;
}

function connectorsOf(document: SourceDocument, options: ShapeOptions): Connector[] {
  return document.roots.length === 0
    ? []
    : (SHAPES[document.format] ?? connectorsIn)(document, options);
}

/** What is not ready to be read gets one problem, in place of all the faults that it and its connectors have until then. */
function readable(document: SourceDocument): SourceDocument {
  const problem = conflictProblem(document) ?? templateProblem(document);
  return problem === undefined ? document : withoutValues(document, problem);
}

/** The document with its places, but without values: it has none before it is rendered, or a conflict is decided. */
function withoutValues(document: SourceDocument, problem: Problem): SourceDocument {
  return {
    format: document.format,
    text: document.text,
    roots: [],
    problems: [problem],
    comments: document.comments,
    locate: (pointer, start, end) => document.locate(pointer, start, end),
    locateName: (pointer) => document.locateName(pointer),
    replace: (pointer, parts) => document.replace(pointer, parts),
    write: (pointer, text) => document.write(pointer, text),
    texts: () => document.texts(),
  };
}

async function parse(text: string): Promise<SourceDocument> {
  const format = formatOf(text);
  if (format !== undefined && format !== 'json') return (await format.load())(text);
  const document = parseJson(text);
  return isTerraformJson(document.roots[0]?.value)
    ? (await import('./terraform/json.ts')).terraformOfJson(document)
    : document;
}

/** undefined for a text that looks like no format. */
function formatOf(text: string): OtherFormat | 'json' | undefined {
  const beginning = behindFirstMark(text);
  if (JSON_BEGINNING.test(beginning)) return 'json';
  return OTHER_FORMATS.find((format) => format.fits(beginning));
}

const JSON_BEGINNING = /^\uFEFF?\s*[[{]/;
