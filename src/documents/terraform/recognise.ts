// Whether a text is a Terraform file: by its first block or, in a file of values, its first argument.
import { beginningOf } from '../beginning.ts';

export function looksLikeTerraform(text: string): boolean {
  const beginning = beginningOf(text, BLANK_LINE);
  if (beginning === undefined) return false;
  BLOCK.lastIndex = beginning;
  return BLOCK.test(text);
}

/** With a comment or without one. */
const BLANK_LINE = /[ \t]*(?:(?:#|\/\/)[^\n]*)?\n|[ \t]+/y;

const BLOCK =
  /(?:(?:resource|data|ephemeral)[ \t]+"[^"\n]{1,255}"[ \t]+"[^"\n]{1,255}"|(?:module|variable|output|provider|check)[ \t]+"[^"\n]{1,255}"|locals|terraform|import|moved|removed)[ \t]*\{/y;
