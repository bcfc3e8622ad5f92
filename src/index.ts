// The library's public names.
export { SecretregError, type ErrorCode } from './errors.ts';
export { parseKey, parsePath, type SecretKey, type SecretPath } from './domain/names.ts';
export { parseVersion, type Version } from './domain/version.ts';
export { parseSecretValue, SecretValue } from './domain/secret-value.ts';
export type {
  KeyInfo,
  Registry,
  SecretVersion,
  Target,
  VersionInfo,
  Write,
} from './domain/registry.ts';
export type { AuditEvent, Caller } from './domain/audit-event.ts';
export { version } from './version.ts';
