// A text of any format, read. The format is decided by what the text holds, never by the name of its file; what parses it
// is loaded when the first such text comes.
import type { Format, SourceDocument } from './document.ts';
import { parseJson } from './json.ts';
import { looksLikeProperties } from './properties/recognise.ts';
import { connectorOfProperties } from './properties/shape.ts';
import { type Connector, connectorsIn, type ShapeOptions } from './shapes.ts';
import { looksLikeYaml } from './yaml/recognise.ts';

export interface Source {
  /** The file's, and those inside of it; the problems of each have their places in the file's text. */
  documents: readonly SourceDocument[];
  connectors: readonly Connector[];
}

interface OtherFormat {
  /** True for a text that can only be one of this format. Looks at its beginning, without a parser. */
  fits(text: string): boolean;
  load(): Promise<(text: string) => SourceDocument>;
}

/** Asked in this order. A text that fits none is taken for JSON, whose fault is then told. */
const OTHER_FORMATS: readonly OtherFormat[] = [
  {
    fits: looksLikeProperties,
    load: async () => (await import('./properties/properties.ts')).parseProperties,
  },
  { fits: looksLikeYaml, load: async () => (await import('./yaml/document.ts')).parseYaml },
];

/** Where connectors do not look as in JSON. */
const SHAPES: Partial<Record<Format, typeof connectorsIn>> = {
  properties: connectorOfProperties,
};

export async function readSource(text: string, options: ShapeOptions): Promise<Source> {
  const document = await parse(text);
  const shape = SHAPES[document.format] ?? connectorsIn;
  return { documents: [document], connectors: shape(document, options) };
}

async function parse(text: string): Promise<SourceDocument> {
  if (/^\uFEFF?\s*[[{]/.test(text)) return parseJson(text);
  const other = OTHER_FORMATS.find((format) => format.fits(text));
  return other === undefined ? parseJson(text) : (await other.load())(text);
}
