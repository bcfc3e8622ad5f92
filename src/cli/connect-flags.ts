// The flags of commands that ask a Connect worker; apart from what asks it, which is loaded where one is asked only.
import type { Command } from 'commander';

export interface ConnectFlags {
  connect?: string;
  connectUser?: string;
  connectPasswordFile?: string;
  connectTokenFile?: string;
  connectCaFile?: string;
  connectClientCert?: string;
  connectClientKey?: string;
  /** The same as for a registry over REST: what goes in clear is meant to. */
  insecureHttp?: boolean;
}

/** The flags of every command that asks a worker. */
export function connectOptions(command: Command): Command {
  return command
    .option('--connect <url>', 'the REST API of a Connect worker; several of one group by commas')
    .option('--connect-user <name>', 'who asks the worker, where it wants a log-in')
    .option('--connect-password-file <file>', 'the file that holds the password for it')
    .option('--connect-token-file <file>', 'the file that holds a bearer token for it instead')
    .option('--connect-ca-file <file>', "the certificate of the authority of the worker's")
    .option('--connect-client-cert <file>', 'a certificate that says to the worker who asks')
    .option('--connect-client-key <file>', 'its key');
}
