// Whether a text is a `.properties` file. Every text can be read as one; this asks whether it was written as one.

/** By its first setting: `name=…`, `name:…` without the blank that YAML has there, or a connector's setting and a blank. */
export function looksLikeProperties(text: string): boolean {
  const at = firstSetting(text);
  SETTING.lastIndex = at;
  return SETTING.test(text) || isFlatWithColons(text, at);
}

function firstSetting(text: string): number {
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  for (NO_SETTING.lastIndex = at; NO_SETTING.test(text); ) at = NO_SETTING.lastIndex;
  return at;
}

/** A line without a setting. */
const NO_SETTING = /[ \t\f]*(?:[#!][^\r\n]*)?[\r\n]/y;
const SETTING =
  /[ \t\f]*(?:[\w.-]{1,255}(?:[ \t\f]*=|:[^\s])|(?:name|connector\.class|tasks\.max)[ \t\f]+[^\s:=])/y;

/**
 * `name: …` is YAML as well, which reads most of it alike. It is a .properties file where nothing is indented, a connector is
 * described, and one line at least cannot be YAML's.
 */
function isFlatWithColons(text: string, from: number): boolean {
  COLON.lastIndex = from;
  if (!COLON.test(text) || !CONNECTOR.test(text)) return false;
  let continues: boolean = false;
  let isNoYaml = /^[ \t\f]*!/m.test(text.slice(0, from));
  for (const line of text.slice(from).split(/\r\n|\n|\r/)) {
    const isSetting: boolean = !continues && !/^(?:[ \t\f]*$|#)/.test(line);
    if (isSetting && !FLAT.test(line)) return false;
    continues = (isSetting || continues) && /(?<!\\)(?:\\\\)*\\$/.test(line);
    isNoYaml ||= continues || (isSetting && NO_YAML.test(line));
  }
  return isNoYaml;
}

const COLON = /[\w.-]{1,255}[ \t]*:[ \t]/y;
const CONNECTOR = /^connector\.class[ \t]*[:=]/m;
const FLAT = /^(?:!|[\w.-]{1,255}[ \t]*[:=])/;

/**
 * Lines that cannot be YAML's: a comment with `!`, a `=` in place of the colon, a text behind a closed quote, a sign with which
 * no text begins, a mask, a further colon in the value, a colon that Java escapes, or a file name template of Aiven's.
 */
const NO_YAML =
  /^(?:!|[\w.-]{1,255}(?:[ \t]*=|[ \t]*:[ \t]+(?:'[^'\r\n]{0,999}'[ \t]*[^ \t#'\r\n]|"[^"\\\r\n]{0,999}"[ \t]*[^ \t#\r\n]|[@`%]|\*{2,}[ \t]*$|\{\{(?:topic|partition|start_offset|timestamp|key)\b|[^"'{[|>&*#\s][^\r\n]{0,999}(?::[ \t]|\\[:=#!]))))/;
