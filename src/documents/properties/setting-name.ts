// A value may go over several lines, such as a PEM file or a JAAS text. Where the backslash at the end of a line was forgotten,
// Java takes the next line for a setting, and its text for the name. Reports show names, so such lines have to be told apart.

const LONGEST = 200;
const LONGEST_UNDOTTED = 40;

/** False for a text that is the name of no connector's setting, or with this value probably none. */
export function isSettingName(text: string, value: string | null): boolean {
  if (text.length > LONGEST || !/^[\w.$-]+$/.test(text)) return false;
  // `kQ3x…Zg==`: the end of a text in base64, such as a key.
  if ((value === '' || value === '=') && /^[a-z\d]*[A-Z][A-Za-z\d]*$/.test(text)) return false;
  return text.length <= LONGEST_UNDOTTED || text.includes('.');
}
