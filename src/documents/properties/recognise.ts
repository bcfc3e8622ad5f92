// Whether a text is a `.properties` file. Every text can be read as one; this asks whether it was written as one.

/** By its first setting: `name=…`, `name:…` without the blank that YAML has there, or a connector's setting and a blank. */
export function looksLikeProperties(text: string): boolean {
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  for (NO_SETTING.lastIndex = at; NO_SETTING.test(text); ) at = NO_SETTING.lastIndex;
  SETTING.lastIndex = at;
  return SETTING.test(text);
}

/** A line without a setting. */
const NO_SETTING = /[ \t\f]*(?:[#!][^\r\n]*)?[\r\n]/y;
const SETTING =
  /[ \t\f]*(?:[\w.-]{1,255}(?:[ \t\f]*=|:[^\s])|(?:name|connector\.class|tasks\.max)[ \t\f]+[^\s:=])/y;
