// Whether a text is a Terraform file: by its first block or, in a file of values, its first argument.

export function looksLikeTerraform(text: string): boolean {
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  for (;;) {
    BLANK_LINE.lastIndex = at;
    if (BLANK_LINE.test(text)) at = BLANK_LINE.lastIndex;
    else if (text.startsWith('/*', at)) {
      const end = text.indexOf('*/', at + 2);
      if (end === -1) return false;
      at = end + 2;
    } else break;
  }
  BLOCK.lastIndex = at;
  return BLOCK.test(text);
}

/** With a comment or without one. */
const BLANK_LINE = /[ \t]*(?:(?:#|\/\/)[^\n]*)?\n|[ \t]+/y;

const BLOCK =
  /(?:(?:resource|data|ephemeral)[ \t]+"[^"\n]{1,255}"[ \t]+"[^"\n]{1,255}"|(?:module|variable|output|provider|check)[ \t]+"[^"\n]{1,255}"|locals|terraform|import|moved|removed)[ \t]*\{/y;
