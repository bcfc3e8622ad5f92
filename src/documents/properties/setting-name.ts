// Lines of a value without a backslash at the end of the one before, such as those of a PEM file or of a JAAS text, are
// settings to Java, and their text the names of them. A report shows names, so these have to be told apart.

const LONGEST = 200;
const LONGEST_UNDOTTED = 40;

/** False for a text that no connector has for the name of a setting. */
export function isSettingName(text: string): boolean {
  if (text.length > LONGEST || !/^[\w.$-]+$/.test(text)) return false;
  return text.length <= LONGEST_UNDOTTED || text.includes('.');
}
