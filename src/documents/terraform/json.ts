// A file in Terraform's JSON syntax (`*.tf.json`): the resources in it that describe connectors, with the same pointers as in
// Terraform's own syntax. A text is escaped twice, as a template and as a string of JSON, so places and edits go through the
// JSON document.
// https://developer.hashicorp.com/terraform/language/syntax/json
import type { SourceDocument, SourceText } from '../document.ts';
import { editsThrough } from '../embedded.ts';
import { found } from '../json-pointer.ts';
import type { Place } from '../position.ts';
import type { Problem } from '../problem.ts';
import { type JsonValues, valuesOfJson } from './json-values.ts';
import { misreading, openingAt, type Template } from './template.ts';
import { replaceInWhole, wholeText } from './write.ts';

export function terraformOfJson(json: SourceDocument): SourceDocument {
  const values = valuesOfJson(json.roots[0]?.value);
  const own = (pointer: string) => found(values.places, pointer);
  return {
    format: 'terraform-json',
    text: json.text,
    roots:
      values.fault === undefined
        ? values.resources.map((value, at) => ({ pointer: `/${at}`, value }))
        : [],
    problems: problemsOf(json, values),
    comments: [],
    locate(pointer, start, end) {
      const { at, isName, text } = own(pointer);
      if (isName === true) return partOfName(json.locateName(at), start, end);
      if (start === undefined || end === undefined || text === undefined)
        return json.locate(at, start, end);
      const part = text.template.text.part(start, end);
      return json.locate(at, part.start, part.end);
    },
    locateName: (pointer) => json.locateName(own(pointer).at),
    replace(pointer, parts) {
      const { at, text } = own(pointer);
      return text === undefined
        ? json.replace(at, parts)
        : editsThrough(json, at, replaceInWhole(text.raw, text.template.text, parts));
    },
    write: (pointer, text) => json.write(own(pointer).at, wholeText(text)),
    openingAt,
    misread(pointer, offset) {
      const { at, text } = own(pointer);
      const it = text && misreading(text.template, offset);
      return it && { ...it, edits: editsThrough(json, at, it.edits) };
    },
    texts: () => textsOf(json, values),
  };
}

/** With its quotes, or a part between them. */
function partOfName(name: Place, start?: number, end?: number): Place {
  if (start === undefined || end === undefined) return name;
  return { start: name.start + 1 + start, end: name.start + 1 + end };
}

function problemsOf(
  json: SourceDocument,
  { places, resources, fault: told }: JsonValues,
): Problem[] {
  if (told !== undefined) {
    const { at, isName, fault } = told;
    const { text, hint } = fault;
    const { start, end } =
      isName === true ? json.locateName(at) : json.locate(at, fault.start, fault.end);
    return [{ kind: 'parse-error', start, end, text, ...(hint !== undefined && { hint }) }];
  }
  if (json.problems.length === 0) return [];
  const bodies = resources.map((_, at) => json.locate(found(places, `/${at}`).at));
  return json.problems.map((problem) => ({
    ...problem,
    isComment: false,
    ...(bodies.some(({ start, end }) => start < problem.start && problem.end < end)
      ? { effect: 'Terraform refuses the file' }
      : JOINED),
  }));
}

/** Repeated blocks, of which `JSON.parse` keeps the last one. */
const JOINED = {
  effect: 'Terraform takes both, and what stands in the first one is not checked here',
  hint: 'put both into one object, or into a list',
};

/** Those of the JSON document, the texts of connectors as Terraform decodes them. */
function textsOf(json: SourceDocument, { places }: JsonValues): SourceText[] {
  const templates = new Map<string, Template>();
  for (const { text } of places.values()) if (text) templates.set(text.raw, text.template);
  return json.texts().map((text) => {
    const { decoded } = text;
    if (decoded === undefined) return text;
    const template = templates.get(decoded.value)?.text;
    if (template === undefined) return text;
    const offset = (at: number) => decoded.offset(template.offset(at));
    const { start, end } = text;
    return { start, end, decoded: { value: template.text, offset } };
  });
}
