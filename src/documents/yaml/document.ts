// A YAML stream of one or more documents. Read once; the places of values are found in the library's tree when somebody
// asks for one. Never throws.
import { type Alias, isScalar, type Node, type Scalar, type YAMLError } from 'yaml';
import type { NewPart, Root, SourceComment, SourceDocument, SourceText } from '../document.ts';
import type { Edit } from '../edit.ts';
import type { Place } from '../position.ts';
import type { Problem } from '../problem.ts';
import { controlCharacterIn, faultOf, tooDeepAt } from './fault.ts';
import { flowAround, flowPlaces } from './flow.ts';
import { type Found, NodeFinder } from './nodes.ts';
import { type Inside, insideOf, nodePlace } from './scalars.ts';
import { composeStream, type YamlDocument } from './stream.ts';
import { yamlComments, yamlTexts } from './texts.ts';
import { valueOf } from './values.ts';
import { addValue, replaceParts, type Surroundings, writeValue } from './write.ts';

/** Of repeated names the last counts, as it does for kubectl and for Ansible. */
export function parseYaml(text: string): SourceDocument {
  // A carriage return alone ends a line (YAML 1.2.2, 5.4), which the library does not know.
  const body = text.includes('\r') ? text.replace(/\r(?!\n)/g, '\n') : text;
  const read = readStream(body);
  return new YamlSource(text, body, read);
}

interface ReadStream {
  roots: readonly Root[];
  problems: readonly Problem[];
  /** Of every document of the stream, broken ones too. */
  contents: readonly (Node | null)[];
  targets: ReadonlyMap<Alias, Node>;
  tags: ReadonlyMap<object, ReadonlyMap<string, string>>;
  /** The offset of the first fault: nothing behind it is certain. */
  fault: number | undefined;
}

function readStream(body: string): ReadStream {
  const { documents, tooDeep } = composeStream(body);
  const roots: Root[] = [];
  const problems: Problem[] = [];
  const targets = new Map<Alias, Node>();
  const tags = new Map<object, ReadonlyMap<string, string>>();
  // Nothing was composed of the document that is too deep, so that nobody knows what in it are values.
  let fault = tooDeep === undefined ? undefined : (documents.at(-1)?.range[2] ?? 0);
  for (const [index, document] of documents.entries()) {
    const first = firstError(document);
    if (first !== undefined) {
      const problem = faultOf(first, body, document.contents);
      problems.push(problem);
      fault = Math.min(fault ?? body.length, problem.start);
      continue;
    }
    const value = valueOf(document.contents, body);
    for (const problem of value.problems) problems.push(problem);
    if (value.fault !== undefined) fault = Math.min(fault ?? body.length, value.fault);
    for (const [alias, node] of value.targets) targets.set(alias, node);
    for (const [container, own] of value.tags) tags.set(container, own);
    if (value.root !== undefined) roots.push({ pointer: `/${index}`, ...value.root });
  }
  if (tooDeep !== undefined) problems.push(tooDeepAt(tooDeep));
  problems.push(...controlCharacterIn(body));
  const contents = documents.map(({ contents }) => contents);
  return {
    roots,
    problems: problems.map((it) => within(it, body)),
    contents,
    targets,
    tags,
    fault,
  };
}

/** A problem at the very end of a text is placed on its last character. */
function within(problem: Problem, { length }: string): Problem {
  if (problem.end <= length || length === 0) return problem;
  return { ...problem, start: Math.min(problem.start, length - 1), end: length };
}

function firstError({ errors }: YamlDocument): YAMLError | undefined {
  let first: YAMLError | undefined;
  for (const error of errors) if (first === undefined || error.pos[0] < first.pos[0]) first = error;
  return first;
}

/** What needs another walk over the tree is made when somebody asks for it. */
class YamlSource implements SourceDocument {
  readonly format = 'yaml';
  readonly text: string;
  /** With `\n` for each `\r` that stands alone. */
  readonly #body: string;
  readonly #read: ReadStream;
  #finder: NodeFinder | undefined;
  #flow: readonly Place[] | undefined;
  #comments: readonly SourceComment[] | undefined;
  #inside: { node: Scalar; inside: Inside } | undefined;

  constructor(text: string, body: string, read: ReadStream) {
    this.text = text;
    this.#body = body;
    this.#read = read;
  }

  get roots(): readonly Root[] {
    return this.#read.roots;
  }

  get problems(): readonly Problem[] {
    return this.#read.problems;
  }

  get tags(): ReadonlyMap<object, ReadonlyMap<string, string>> {
    return this.#read.tags;
  }

  get comments(): readonly SourceComment[] {
    return (this.#comments ??= yamlComments(this.#body));
  }

  locate(pointer: string, start?: number, end?: number): Place {
    if (start !== undefined && end !== undefined)
      return this.#insideOf(this.#scalar(pointer)).part(start, end);
    const { pair, node } = this.#find(pointer);
    if (node !== null) return nodePlace(this.#body, node);
    const { end: behind } = nodePlace(this.#body, pair?.key as Node);
    return { start: behind, end: behind };
  }

  locateName(pointer: string): Place {
    const { pair } = this.#find(pointer);
    if (pair === undefined) throw new RangeError(`no name stands at ${JSON.stringify(pointer)}`);
    return nodePlace(this.#body, pair.key as Node);
  }

  isShared(pointer: string): boolean {
    return this.#find(pointer).isShared;
  }

  replace(pointer: string, parts: readonly NewPart[]): Edit[] {
    const node = this.#scalar(pointer);
    return replaceParts(this.#around(node), node, this.#insideOf(node), parts);
  }

  write(pointer: string, value: string): Edit {
    const { pair, node } = this.#find(pointer);
    if (node !== null) return writeValue(this.#around(node), node, value);
    return addValue(this.#body, pair?.key as Node, value);
  }

  texts(): readonly SourceText[] {
    return yamlTexts(this.#body, this.#read.contents, this.comments, this.#understood());
  }

  #find(pointer: string): Found {
    this.#finder ??= new NodeFinder(this.#read.contents, this.#read.targets);
    return this.#finder.find(pointer);
  }

  #scalar(pointer: string): Scalar {
    const { node } = this.#find(pointer);
    if (!isScalar(node)) throw new RangeError(`no text stands at ${JSON.stringify(pointer)}`);
    return node;
  }

  /** Parts of one value are asked for one after the other. */
  #insideOf(node: Scalar): Inside {
    if (this.#inside?.node !== node) this.#inside = { node, inside: insideOf(this.#body, node) };
    return this.#inside.inside;
  }

  #around(node: Node): Surroundings {
    const inFlow = this.#flowAround((node.range?.[0] ?? 0) + 1) !== undefined;
    return { text: this.#body, inFlow };
  }

  #flowAround(offset: number): Place | undefined {
    this.#flow ??= flowPlaces(this.#read.contents);
    return flowAround(this.#flow, offset);
  }

  /** Up to where the text is understood. With a fault inside braces, all that stands in them may be anything. */
  #understood(): number {
    const { fault } = this.#read;
    if (fault === undefined) return Number.POSITIVE_INFINITY;
    return this.#flowAround(fault)?.start ?? fault;
  }
}
