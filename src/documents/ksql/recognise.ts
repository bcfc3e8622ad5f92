// Whether a text is a script of SQL: by the words of its first statement.

export function looksLikeKsql(text: string): boolean {
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  for (;;) {
    NOTHING.lastIndex = at;
    if (NOTHING.test(text)) at = NOTHING.lastIndex;
    else if (text.startsWith('/*', at)) {
      const end = text.indexOf('*/', at + 2);
      if (end === -1) return false;
      at = end + 2;
    } else break;
  }
  STATEMENT.lastIndex = at;
  return STATEMENT.test(text);
}

/** `---` begins a document of YAML. */
const NOTHING = /\s+|--(?!-)[^\r\n]*|;/y;

const STATEMENT =
  /(?:CREATE\s+(?:OR\s+REPLACE\s+)?(?:SINK|SOURCE|STREAM|TABLE|TYPE)|(?:DROP|ALTER|DESCRIBE)\s+(?:CONNECTOR|STREAM|TABLE|TYPE|SYSTEM|FUNCTION)|INSERT\s+INTO|SET\s+'|UNSET\s+'|(?:UN)?DEFINE\s+\w+\s*(?:=\s*'|;)|RUN\s+SCRIPT\s+'|(?:LIST|SHOW)\s+(?:ALL\s+)?[A-Z]+\s*;|TERMINATE\s+\w+\s*;|ASSERT\s+(?:NOT\s+EXISTS\s+)?(?:TOPIC|SCHEMA|VALUES|STREAM|TABLE)|PRINT\s+['"`\w]|SELECT\s)/iy;
