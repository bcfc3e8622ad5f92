// A YAML stream of one or more documents. Read once; the places of values are found in the library's tree when somebody
// asks for one. Never throws.
import { type Alias, isScalar, type Node, type Scalar, type YAMLError } from 'yaml';
import type { Root, SourceComment, SourceDocument } from '../document.ts';
import type { Place } from '../position.ts';
import type { Problem } from '../problem.ts';
import { controlCharacterIn, faultOf, tooDeepAt } from './fault.ts';
import { flowAround, flowPlaces } from './flow.ts';
import { NodeFinder } from './nodes.ts';
import { insideOf, nodePlace } from './scalars.ts';
import { composeStream, type YamlDocument } from './stream.ts';
import { yamlComments, yamlTexts } from './texts.ts';
import { valueOf } from './values.ts';
import { addValue, replaceParts, writeValue } from './write.ts';

/** Of repeated names the last counts, as it does for kubectl and for Ansible. */
export function parseYaml(text: string): SourceDocument {
  // A carriage return alone ends a line (YAML 1.2.2, 5.4), which the library does not know.
  const body = text.includes('\r') ? text.replace(/\r(?!\n)/g, '\n') : text;
  const read = readStream(body);
  return withPlaces(text, new Places(body, read), read);
}

interface ReadStream {
  roots: readonly Root[];
  problems: readonly Problem[];
  /** Of every document of the stream, broken ones too. */
  contents: readonly (Node | null)[];
  targets: ReadonlyMap<Alias, Node>;
  /** Where the first fault is behind which nothing is certain. */
  fault: number | undefined;
}

function readStream(body: string): ReadStream {
  const { documents, tooDeep } = composeStream(body);
  const roots: Root[] = [];
  const problems: Problem[] = [];
  const targets = new Map<Alias, Node>();
  let fault = tooDeep;
  for (const [index, document] of documents.entries()) {
    const first = firstError(document);
    if (first !== undefined) {
      const problem = faultOf(first, body, document.contents);
      problems.push(problem);
      fault = Math.min(fault ?? body.length, problem.start);
      continue;
    }
    const value = valueOf(document.contents, body);
    problems.push(...value.problems);
    if (value.fault !== undefined) fault = Math.min(fault ?? body.length, value.fault);
    for (const [alias, node] of value.targets) targets.set(alias, node);
    if (value.root !== undefined) roots.push({ pointer: `/${index}`, ...value.root });
  }
  if (tooDeep !== undefined) problems.push(tooDeepAt(tooDeep));
  problems.push(...controlCharacterIn(body));
  return { roots, problems, contents: documents.map(({ contents }) => contents), targets, fault };
}

function firstError({ errors }: YamlDocument): YAMLError | undefined {
  let first: YAMLError | undefined;
  for (const error of errors) if (first === undefined || error.pos[0] < first.pos[0]) first = error;
  return first;
}

/** Everything that needs the tree a second time, made when it is asked for. */
class Places {
  readonly body: string;
  readonly #read: ReadStream;
  #finder: NodeFinder | undefined;
  #flow: readonly Place[] | undefined;
  #comments: readonly SourceComment[] | undefined;

  constructor(body: string, read: ReadStream) {
    this.body = body;
    this.#read = read;
  }

  get finder(): NodeFinder {
    return (this.#finder ??= new NodeFinder(this.#read.contents, this.#read.targets));
  }

  get comments(): readonly SourceComment[] {
    return (this.#comments ??= yamlComments(this.body));
  }

  flowAround(offset: number): Place | undefined {
    return flowAround((this.#flow ??= flowPlaces(this.#read.contents)), offset);
  }

  scalar(pointer: string): Scalar {
    const { node } = this.finder.find(pointer);
    if (!isScalar(node)) throw new RangeError(`no text stands at ${JSON.stringify(pointer)}`);
    return node;
  }

  /** Behind a fault in braces, what stands in them in front of it may be anything. */
  understood(): number {
    const { fault } = this.#read;
    if (fault === undefined) return Number.POSITIVE_INFINITY;
    return this.flowAround(fault)?.start ?? fault;
  }

  texts() {
    return yamlTexts(this.body, this.#read.contents, this.comments, this.understood());
  }
}

function withPlaces(text: string, places: Places, { roots, problems }: ReadStream): SourceDocument {
  const { body } = places;
  const around = (node: Node) => ({
    text: body,
    inFlow: places.flowAround((node.range?.[0] ?? 0) + 1) !== undefined,
  });
  return {
    format: 'yaml',
    text,
    roots,
    problems,
    get comments() {
      return places.comments;
    },
    locate(pointer, start, end) {
      if (start !== undefined && end !== undefined)
        return insideOf(body, places.scalar(pointer)).part(start, end);
      const { pair, node } = places.finder.find(pointer);
      if (node !== null) return nodePlace(body, node);
      const { end: behind } = nodePlace(body, pair?.key as Node);
      return { start: behind, end: behind };
    },
    locateName(pointer) {
      const { pair } = places.finder.find(pointer);
      if (pair === undefined) throw new RangeError(`no name stands at ${JSON.stringify(pointer)}`);
      return nodePlace(body, pair.key as Node);
    },
    replace(pointer, parts) {
      const node = places.scalar(pointer);
      return replaceParts(around(node), node, parts);
    },
    isShared: (pointer) => places.finder.find(pointer).isShared,
    write(pointer, value) {
      const { pair, node } = places.finder.find(pointer);
      if (node !== null) return writeValue(around(node), node, value);
      return addValue(body, pair?.key as Node, value);
    },
    texts: () => places.texts(),
  };
}
