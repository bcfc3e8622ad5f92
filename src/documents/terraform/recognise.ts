// Whether a text is a Terraform file: by its first block or, in a file of values, its first argument; in JSON by the names
// of all its members.
import { beginningOf } from '../beginning.ts';
import { isObject } from '../plain-value.ts';

export function looksLikeTerraform(text: string): boolean {
  const beginning = beginningOf(text, BLANK_LINE);
  if (beginning === undefined) return false;
  BLOCK.lastIndex = beginning;
  return BLOCK.test(text);
}

/** One object, or a list of them: https://developer.hashicorp.com/terraform/language/syntax/json#json-file-structure */
export function isTerraformJson(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 && value.every(isBody) : isBody(value);
}

function isBody(value: unknown): boolean {
  if (!isObject(value)) return false;
  const names = Object.keys(value);
  if (!names.every((name) => MEMBERS.has(name))) return false;
  return names.some((name) => {
    const labels = LABELS.get(name);
    return labels !== undefined && holdsBlocks(value[name], labels);
  });
}

/** Objects or lists of objects, as deep as a block has labels. */
function holdsBlocks(value: unknown, labels: number): boolean {
  const objects: unknown[] = Array.isArray(value) ? value : [value];
  return objects.every(
    (it) =>
      isObject(it) &&
      (labels === 0 || Object.values(it).every((inner) => holdsBlocks(inner, labels - 1))),
  );
}

/** The blocks that tell a file of Terraform's, and how many labels each has. */
const LABELS: ReadonlyMap<string, number> = new Map([
  ['resource', 2],
  ['module', 1],
  ['output', 1],
  ['provider', 1],
  ['variable', 1],
  ['locals', 0],
  ['terraform', 0],
]);

/** All that a file of Terraform's may hold: also comments, and blocks whose names are used in files of other tools. */
const MEMBERS: ReadonlySet<string> = new Set([
  ...LABELS.keys(),
  'check',
  'data',
  'ephemeral',
  'import',
  'moved',
  'removed',
  '//',
]);

/** With a comment or without one. */
const BLANK_LINE = /[ \t]*(?:(?:#|\/\/)[^\n]*)?\n|[ \t]+/y;

const BLOCK =
  /(?:(?:resource|data|ephemeral)[ \t]+"[^"\n]{1,255}"[ \t]+"[^"\n]{1,255}"|(?:module|variable|output|provider|check)[ \t]+"[^"\n]{1,255}"|locals|terraform|import|moved|removed)[ \t]*\{/y;
