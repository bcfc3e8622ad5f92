// A registry that a project file names. It is found upwards from the working folder, so whoever wrote a checkout may
// choose the brokers, how they are spoken to and where tokens are asked for: a log-in that would go there would be
// theirs. So it is used only for a registry that a person names, or that stands where the log-in does. Values and the
// master key need no such rule: they do not leave the process unsealed.
import { SecretregError } from '../errors.ts';
import { parseAddress } from '../store/kafka/address.ts';
import { isClientKey, isLogin, PREFIX } from '../store/kafka/setting-names.ts';
import { variableOf } from './kafkastore.ts';

interface ProjectRegistry {
  /** The project file. */
  file: string;
  /** `kafka://…`. */
  address: string;
}

/** Where a log-in may stand. */
interface Logins {
  environment: ReadonlyMap<string, string>;
  worker: ReadonlyMap<string, string>;
  workerFile: string | undefined;
}

/** Fails with settings-invalid. */
export function refuseLoginFromElsewhere(
  { file, address }: ProjectRegistry,
  { environment, worker, workerFile }: Logins,
): void {
  const { brokers, topic = '', settings } = parseAddress(address);
  const hint = `--registry kafka://${brokers.join(',')}/${topic}    (if these brokers are yours; or SECRETREG_REGISTRY. Settings behind a '?' of the project file are yours to check, and to add)`;
  const refuse = (reason: string) =>
    new SecretregError('settings-invalid', { place: file, reason }, { hint });
  const inAddress = [...settings.keys()].find(isClientKey);
  if (inAddress !== undefined)
    throw refuse(
      `'${inAddress}' is not taken from a project file, since the log-in would be made for whoever wrote the project; it should stand in SECRETREG_KAFKASTORE_* or in the worker's file, beside the brokers`,
    );
  const ofWorker = loginIn(worker);
  const ofEnvironment = loginIn(environment);
  const place =
    ofWorker === undefined
      ? ofEnvironment && variableOf(ofEnvironment)
      : `${ofWorker} of ${workerFile}`;
  if (place !== undefined)
    throw refuse(
      `the log-in in ${place} is not used for brokers that a project file alone names (${brokers.join(', ')}), since it would go to whoever wrote the project; the registry should be named by you, or where the log-in is`,
    );
}

function loginIn(kafkastore: ReadonlyMap<string, string>): string | undefined {
  return [...kafkastore].find(
    ([name, value]) => isLogin(name.slice(PREFIX.length)) && value.trim() !== '',
  )?.[0];
}
