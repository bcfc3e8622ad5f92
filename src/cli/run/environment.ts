// The environment of a command: our own, without our master key and log-ins, with the secrets.
import type { SecretValue } from '../../domain/secret-value.ts';
import { SecretregError } from '../../errors.ts';
import { tellsWhatRuns } from '../telling-variables.ts';

/** Fits all but the variables of our master key and log-ins: a child has no use for these. */
const NOT_OWN = /^(?!SECRETREG_(MASTER_KEY|KAFKASTORE_|TOKEN|USER$|PASSWORD|CLIENT_))/;

/**
 * What a program needs to find others, its user's files and its language, and nothing that tells it what to do: the variables
 * that sudo sets or keeps, without those of a graphical session.
 */
const LEAST = /^(PATH|HOME|USER|LOGNAME|SHELL|TERM|TZ|TMPDIR|LANG|LC_[A-Z]+)$/;

interface EnvironmentOptions {
  /** Of our own environment only the variables of LEAST. */
  isPristine?: boolean;
  /** The file that holds a value: its variable is then `<NAME>_FILE`, as in Docker's images, and names the file. */
  fileOf?: (name: string) => string;
}

/** Fails with value-breaks-environment. */
export function environmentFor(
  inherited: Readonly<Record<string, string | undefined>>,
  values: ReadonlyMap<string, SecretValue>,
  { isPristine = false, fileOf }: EnvironmentOptions = {},
): NodeJS.ProcessEnv {
  const isKept = (name: string) => (isPristine ? LEAST : NOT_OWN).test(name);
  const kept = Object.entries(inherited).filter(([name]) => isKept(name));
  return { ...Object.fromEntries(kept), ...variablesFor(values, fileOf) };
}

function variablesFor(
  values: ReadonlyMap<string, SecretValue>,
  fileOf: EnvironmentOptions['fileOf'],
): Record<string, string> {
  const variables: Record<string, string> = {};
  const taken = new Map<string, string>();
  for (const [name, value] of values) {
    const variable = `${variableName(name)}${fileOf === undefined ? '' : '_FILE'}`;
    const text = fileOf?.(name) ?? value.reveal();
    const earlier = taken.get(variable);
    const fault = tellsWhatRuns(variable)
      ? `variable ${variable} decides what a command is or loads`
      : earlier !== undefined
        ? `'${earlier}' is variable ${variable} too`
        : text.includes('\0')
          ? 'it holds a NUL character'
          : undefined;
    if (fault !== undefined)
      throw new SecretregError('value-breaks-environment', { name, reason: fault });
    taken.set(variable, name);
    variables[variable] = text;
  }
  return variables;
}

/** `connection.password` → `CONNECTION_PASSWORD`. */
function variableName(name: string): string {
  const upper = name.toUpperCase().replace(/[^A-Z0-9]/g, '_');
  return /^[0-9]/.test(upper) ? `_${upper}` : upper;
}
