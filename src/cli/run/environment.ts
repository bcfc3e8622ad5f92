// The environment of a command: what we have, without our own key, with the secrets.
import type { SecretValue } from '../../domain/secret-value.ts';
import { SecretregError } from '../../errors.ts';

/**
 * Variables that decide what a command is or loads: a setting of that name, in a file that somebody else wrote, would
 * run something else.
 */
const NEVER =
  /^(PATH|HOME|SHELL|SHELLOPTS|BASHOPTS|IFS|ENV|PS[0-9]|PROMPT_COMMAND|CLASSPATH|.*_OPT(S|IONS)?|(BASH|CARGO|DOTNET|DYLD|GIT|JAVA|LD|NODE|NPM|SECRETREG|XDG)_.*|(PERL5|PYTHON|RUBY).*)$/;
/** Ours: a child has no use for the master key, or the log-in at the brokers or at a server. */
const OWN = /^SECRETREG_(MASTER_KEY|KAFKASTORE_|TOKEN|USER$|PASSWORD|CLIENT_)/;

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
