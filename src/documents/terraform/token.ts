import type { Place } from '../position.ts';

export type TokenType =
  | 'name'
  | 'number'
  | 'newline'
  | 'comment'
  /** `"` or `<<EOT` and its line break, then `text`, `escape`, `unescaped` and interpolations, then the end. */
  | 'open text'
  | 'close text'
  | 'open heredoc'
  | 'close heredoc'
  /** As it stands in the file: backslashes are not decoded. */
  | 'text'
  /** `$${` or `%%{`. */
  | 'escape'
  /** The `${` of `${secret:orders:password}`, which Terraform takes for its own and then refuses. */
  | 'unescaped'
  /** `${` or `%{`, then other tokens, then `}`. */
  | 'open interpolation'
  | 'open directive'
  | 'close interpolation'
  /** Brackets and operators. */
  | 'sign';

export interface Token extends Place {
  type: TokenType;
  /** Of a name or sign: its text. Of a heredoc: `<<` or `<<-`. */
  text?: string;
}
