import { SecretregError } from '../../errors.ts';
import { sharedOptions } from '../arguments.ts';
import type { Define } from '../command.ts';
import { type ConnectFlags, connectOptions } from '../connect-flags.ts';
import { requiredWorker } from '../connect-options.ts';
import { recordFile } from '../connect-record.ts';
import { type SyncPlan, syncOnce } from '../connect-sync.ts';
import { watch } from '../connect-watch.ts';
import { formatOption, ROWS_OUTPUT } from '../formats.ts';
import { type Io, note } from '../io.ts';
import { PROVIDER_NAME, providersFor } from '../providers.ts';
import { toldSettings } from '../session.ts';
import type { SharedFlags } from '../settings.ts';
import { durationOption } from '../times.ts';

interface Flags extends SharedFlags, ConnectFlags {
  providerName?: string[];
  watch?: boolean;
  interval: string;
  timeout: string;
  state?: string;
  assumeCurrent?: boolean;
  dryRun?: boolean;
  output?: string;
}

const HELP = `
Names and numbers of versions are read, never a value. Connectors that are not
in the record are restarted once; those that are paused or stopped are left as
they are.

For example:  secretreg connect sync --connect http://localhost:8083 --dry-run
              secretreg connect sync --connect http://a:8083,http://b:8083 --watch`;

export const defineSync: Define = (connect, { io, setExit }) => {
  const command = connect
    .command('sync')
    .description('restart the connectors that run with older versions of their secrets, or FAILED')
    .option('--watch', 'go on, and restart them as secrets change, until Ctrl-C')
    .option('--interval <time>', 'with --watch: how often the registry is looked at', '2s')
    .option('--timeout <time>', 'how long a restart may take', '60s')
    .option('--state <file>', 'the record of what each connector runs with')
    .option('--assume-current', 'take connectors that are not in the record for current ones')
    .option('--dry-run', 'tell what would be restarted, and change nothing')
    .option(...PROVIDER_NAME)
    .option(...ROWS_OUTPUT)
    .addHelpText('after', HELP);
  sharedOptions(connectOptions(command)).action(async (flags: Flags) =>
    setExit(await sync(io, flags)),
  );
};

async function sync(io: Io, flags: Flags): Promise<number> {
  const format = formatOption(flags.output);
  if (flags.watch && flags.dryRun)
    throw new SecretregError('wrong-use', { reason: '--watch and --dry-run exclude each other' });
  if (flags.watch && (format === 'table' || format === 'json'))
    throw new SecretregError('wrong-use', {
      reason: '--watch has lines as they come: -o takes jsonl there',
    });
  const intervalMs = durationOption('--interval', flags.interval);
  const timeoutMs = durationOption('--timeout', flags.timeout);
  const { place } = requiredWorker(io, flags);
  const settings = await toldSettings(io, flags);
  const plan: SyncPlan = {
    settings,
    worker: () => requiredWorker(io, flags),
    file: recordFile(io, flags.state, place),
    providers: flags.providerName ?? providersFor(settings).providerNames,
    timeoutMs,
    assumeCurrent: flags.assumeCurrent ?? false,
    dryRun: flags.dryRun ?? false,
  };
  if (flags.watch) return watch(io, plan, { format, intervalMs, tell: (text) => note(io, text) });
  return syncOnce(io, plan, format);
}
