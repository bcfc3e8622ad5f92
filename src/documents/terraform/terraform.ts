// A Terraform file: the resources in it that describe connectors. `$${` in a text is the escape of `${`, so that
// `$${secret:orders:password}` is what Kafka gets as a reference; what only Terraform can evaluate is unknown here.
// Never throws.
import type { NewPart, SourceComment, SourceDocument } from '../document.ts';
import { withParts, writeOver } from '../edit.ts';
import { found } from '../json-pointer.ts';
import { below } from '../plain-value.ts';
import { type Place, placeOf } from '../position.ts';
import type { Problem } from '../problem.ts';
import { type Label, readBlocks, type Resource, type TerraformFile } from './blocks.ts';
import type { Expression, Member, Repeated } from './expressions.ts';
import { UNKNOWN } from '../unknown.ts';
import { misreading, openingAt } from './template.ts';
import { terraformTexts } from './texts.ts';
import type { Token } from './token.ts';
import { quotedText, replaceParts } from './write.ts';

/** The value of a root. */
export interface ResourceValue {
  /** undefined for settings that stand in no resource. */
  type: string | undefined;
  label: string;
  body: Record<string, unknown>;
}

export function parseTerraform(text: string): SourceDocument {
  const file = readBlocks(text);
  let index: Index | undefined;
  const indexed = () => (index ??= indexOf(file));
  const value = (pointer: string) => found(indexed().values, pointer);
  return {
    format: 'terraform',
    text,
    roots:
      file.fault === undefined
        ? [...file.resources.map(valueOf), ...file.settings.map(valueOfSettings)].map((it, at) => ({
            pointer: `/${at}`,
            value: it,
          }))
        : [],
    problems: problemsOf(file),
    comments: file.comments.map((token) => commentOf(text, token)),
    locate(pointer, start, end) {
      const at = value(pointer);
      return start === undefined || end === undefined ? placeOf(at) : partOf(at, start, end);
    },
    locateName: (pointer) => placeOf(found(indexed().names, pointer)),
    replace(pointer, parts) {
      const at = value(pointer);
      if ('kind' in at && at.kind === 'text') return replaceParts(text, at, parts);
      return [writeOver(at, quotedText(replacedScalar(text, at, parts)))];
    },
    write: (pointer, replacement) => writeOver(value(pointer), quotedText(replacement)),
    openingAt,
    misread(pointer, offset) {
      const at = value(pointer);
      return 'kind' in at && at.kind === 'text' ? misreading(at, offset) : undefined;
    },
    texts: () => terraformTexts(file),
  };
}

type Located = Expression | Label | Place;

interface Index {
  values: Map<string, Located>;
  names: Map<string, Place>;
}

function indexOf({ resources, settings }: TerraformFile): Index {
  const index: Index = { values: new Map(), names: new Map() };
  for (const [at, resource] of resources.entries()) {
    index.values.set(`/${at}`, resource);
    index.values.set(`/${at}/type`, resource.type);
    index.values.set(`/${at}/label`, resource.label);
    index.values.set(`/${at}/body`, resource);
    addMembers(index, `/${at}/body`, resource.members);
  }
  for (const [at, value] of settings.entries())
    addValue(index, `/${resources.length + at}/body`, value);
  return index;
}

function addMembers(index: Index, pointer: string, members: readonly Member[]): void {
  for (const { name, place, value } of members) {
    const own = below(pointer, name);
    index.names.set(own, place);
    addValue(index, own, value);
  }
}

function addValue(index: Index, pointer: string, value: Expression): void {
  index.values.set(pointer, value);
  if (value.kind === 'object') addMembers(index, pointer, value.members);
  if (value.kind === 'list')
    for (const [at, item] of value.items.entries()) addValue(index, `${pointer}/${at}`, item);
}

function valueOf({ type, label, members }: Resource): ResourceValue {
  return { type: type.text, label: label.text, body: objectOf(members) };
}

function valueOfSettings(settings: Expression): ResourceValue {
  const body = settings.kind === 'object' ? objectOf(settings.members) : {};
  return { type: undefined, label: '', body };
}

/** Without a prototype, so that a setting may have any name. */
function objectOf(members: readonly Member[]): Record<string, unknown> {
  const object = Object.create(null) as Record<string, unknown>;
  for (const { name, value } of members) object[name] = plainValue(value);
  return object;
}

function plainValue(expression: Expression): unknown {
  switch (expression.kind) {
    case 'text':
      return expression.text.text;
    case 'scalar':
      return expression.value;
    case 'object': {
      const object = objectOf(expression.members);
      if (expression.isOpen) Object.assign(object, { [UNKNOWN]: true });
      return object;
    }
    case 'list':
      return expression.items.map(plainValue);
    case 'unknown':
      return UNKNOWN;
  }
}

function problemsOf({ fault, repeated }: TerraformFile): Problem[] {
  return fault === undefined ? repeated.map(duplicate) : [{ kind: 'parse-error', ...fault }];
}

function duplicate({ member, first }: Repeated): Problem {
  return {
    kind: 'duplicate-key',
    ...placeOf(member.place),
    text: `${JSON.stringify(member.name)} stands in this object already`,
    earlier: first.place.start,
  };
}

function commentOf(text: string, { start, end }: Token): SourceComment {
  const isBlock = text.startsWith('/*', start);
  const sign = text[start] === '#' ? 1 : 2;
  const own = text.slice(start + sign, isBlock ? end - 2 : end);
  return { start, end, text: own.endsWith('\r') ? own.slice(0, -1) : own };
}

function partOf(value: Located, start: number, end: number): Place {
  if ('kind' in value && value.kind === 'text') return value.text.part(start, end);
  // A label stands in quotes, a number as it is.
  const from = 'text' in value && value.end - value.start > value.text.length ? 1 : 0;
  return { start: value.start + from + start, end: value.start + from + end };
}

function replacedScalar(text: string, { start, end }: Place, parts: readonly NewPart[]): string {
  const scalar = text.slice(start, end);
  return withParts(scalar.startsWith('"') ? scalar.slice(1, -1) : scalar, parts);
}
