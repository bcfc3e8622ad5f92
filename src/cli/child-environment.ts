// The environment of a command: what we have, without our own key, with the secrets.
import type { SecretValue } from '../domain/secret-value.ts';
import { SecretregError } from '../errors.ts';

/** Variables that decide what a command is or loads: a secret of that name would run something else. */
const NEVER =
  /^(PATH|HOME|SHELL|IFS|ENV|BASH_ENV|PYTHONPATH|PERL5LIB|RUBYLIB|JAVA_TOOL_OPTIONS|NODE_OPTIONS|GIT_.*|LD_.*|DYLD_.*)$/;
/** Ours: a child has no use for the master key. */
const OWN = /^SECRETREG_MASTER_KEY/;

/** Fails with value-breaks-environment. */
export function environmentFor(
  inherited: Readonly<Record<string, string | undefined>>,
  values: ReadonlyMap<string, SecretValue>,
): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = Object.fromEntries(
    Object.entries(inherited).filter(([name]) => !OWN.test(name)),
  );
  const taken = new Map<string, string>();
  for (const [name, value] of values) {
    const variable = variableName(name);
    const text = value.reveal();
    const earlier = taken.get(variable);
    const fault = NEVER.test(variable)
      ? `variable ${variable} decides what a command is or loads`
      : earlier !== undefined
        ? `'${earlier}' is variable ${variable} too`
        : text.includes('\0')
          ? 'it holds a NUL character'
          : undefined;
    if (fault !== undefined)
      throw new SecretregError('value-breaks-environment', { name, reason: fault });
    taken.set(variable, name);
    env[variable] = text;
  }
  return env;
}

/** `connection.password` → `CONNECTION_PASSWORD`. */
function variableName(name: string): string {
  const upper = name.toUpperCase().replace(/[^A-Z0-9]/g, '_');
  return /^[0-9]/.test(upper) ? `_${upper}` : upper;
}
