// Whether a text is a script of SQL: by the words of its first statement.
import { beginningOf } from '../beginning.ts';

export function looksLikeKsql(text: string): boolean {
  const beginning = beginningOf(text, NOTHING);
  if (beginning === undefined) return false;
  STATEMENT.lastIndex = beginning;
  return STATEMENT.test(text);
}

/** `---` is no comment: it begins a document of YAML. */
const NOTHING = /\s+|--(?!-)[^\r\n]*|;/y;

const STATEMENT =
  /(?:CREATE\s+(?:OR\s+REPLACE\s+)?(?:SINK|SOURCE|STREAM|TABLE|TYPE)|(?:DROP|ALTER|DESCRIBE)\s+(?:CONNECTOR|STREAM|TABLE|TYPE|SYSTEM|FUNCTION)|INSERT\s+INTO|SET\s+'|UNSET\s+'|(?:UN)?DEFINE\s+\w+\s*(?:=\s*'|;)|RUN\s+SCRIPT\s+'|(?:LIST|SHOW)\s+(?:ALL\s+)?[A-Z]+\s*;|TERMINATE\s+\w+\s*;|ASSERT\s+(?:NOT\s+EXISTS\s+)?(?:TOPIC|SCHEMA|VALUES|STREAM|TABLE)|PRINT\s+['"`\w]|SELECT\s)/iy;
