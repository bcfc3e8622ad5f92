// What the detectors hand back: where a credential stands in a value, and what it is.
import type { Span } from '../../domain/reference.ts';
import type { Content } from './no-secret.ts';

/**
 * - `setting`: all of the value.
 * - `option`: an option of a JAAS configuration, named by `name`.
 * - `user-info`: the password in front of the `@` of a URL, or behind the `:` of `user:password`.
 * - `parameter`: a `name=value` of a URL or connection string, named by `name`.
 * - `header`: an HTTP header, named by `name`.
 * - `token`: of a known format, named by `name`: `a GitHub token`.
 */
export type CredentialKind = 'setting' | 'option' | 'user-info' | 'parameter' | 'header' | 'token';

/** `start` and `end` are offsets in the decoded value. */
export interface Credential extends Span {
  kind: CredentialKind;
  /** A name from the file, or of the format; no part of a value. */
  name?: string;
  content: Exclude<Content, 'none'>;
}
