import { escapedJson } from '../../domain/escaped-json.ts';
import type { Command } from 'commander';
import { showPattern } from '../../domain/access.ts';
import { AUDIT_METHODS, type AuditMethod, type ReadEvent } from '../../domain/audit-event.ts';
import { percentDecoded } from '../../domain/percent-decoded.ts';
import type { AuditFilter } from '../../domain/registry.ts';
import { SecretregError } from '../../errors.ts';
import { principalArgument } from '../access-arguments.ts';
import { keyArgument, pathArgument, sharedOptions } from '../arguments.ts';
import { type PruneFlags, pruneTrail } from '../audit-prune.ts';
import { exportKey, printHead, type ProofFlags, verify } from '../audit-proof.ts';
import type { Define } from '../command.ts';
import { withExamples } from '../examples.ts';
import { type Io, note, print } from '../io.ts';
import { type Column, type Format, line, printRows, timeColumn } from '../rows.ts';
import { withRegistry } from '../session.ts';
import type { SharedFlags } from '../settings.ts';
import { pastOption } from '../times.ts';

interface Flags extends SharedFlags {
  output?: string;
  path?: string;
  key?: string;
  principal?: string;
  method?: string;
  since?: string;
  until?: string;
  denied?: true;
  follow?: boolean;
}

export const define: Define = (program, { io }) => {
  const command = program
    .command('audit')
    .description('who asked for what: every request to save or read a secret')
    .usage('[options] [command]')
    .argument('[what]')
    // Options behind the name of a command below are that command's own.
    .enablePositionalOptions()
    .option('-o, --output <format>', 'jsonl (CloudEvents) or table')
    .option('--path <path>', 'only what was asked of this path')
    .option('--key <key>', 'only what was asked of this key')
    .option('--principal <principal>', 'only what this one asked for, such as User:alice')
    .option('--since <time>', 'RFC 3339 such as 2026-11-01T00:00:00Z, or 30m, 12h, 7d ago')
    .option('--until <time>', 'what was asked before it, given in the same way')
    .option('--method <method>', 'only this, such as secret.Read or access.Grant')
    .option('--denied', 'only what was refused for want of a right or a log-in, or as no request')
    .option('--follow', 'go on with what is asked from now on, until Ctrl-C');
  withExamples(
    command,
    'secretreg audit --path orders --since 7d',
    'secretreg audit --denied --follow -o jsonl',
  );
  sharedOptions(command).action(async (what: string | undefined, flags: Flags) => {
    if (what === undefined) return flags.follow ? follow(io, flags) : show(io, flags);
    throw new SecretregError('wrong-use', {
      reason: `'${what}' is not something audit can do; there are verify, head, prune and key export`,
    });
  });
  defineProofs(command, io);
};

function defineProofs(audit: Command, io: Io): void {
  const proof = (name: string, description: string) =>
    sharedOptions(audit.command(name).description(description)).option(
      '--audit-key-file <file>',
      'prove it with this key instead of the master key',
    );
  proof('verify', 'prove that no line of the trail was changed, moved or taken out')
    .option('--head <head>', 'a line of audit head that was kept elsewhere: it has to be there')
    .action((_flags: ProofFlags, command: Command) => verify(io, command.optsWithGlobals()));
  proof('head', 'the end of the trail in one line, to keep elsewhere').action(
    (_flags: ProofFlags, command: Command) => printHead(io, command.optsWithGlobals()),
  );
  sharedOptions(
    audit
      .command('prune')
      .description('remove old lines of a file for good; what is left can be proved as before')
      .requiredOption(
        '--before <time>',
        'what is older: RFC 3339 such as 2026-11-01T00:00:00Z, or 90d',
      )
      .option('--yes', 'do not ask'),
  ).action((_flags: PruneFlags, command: Command) => pruneTrail(io, command.optsWithGlobals()));
  const key = audit.command('key').description('the key that proves the trail');
  sharedOptions(
    key
      .command('export')
      .description(
        'write the audit key to a new file, for who may prove the trail and read no secret',
      )
      .argument('<file>'),
  ).action((file: string, _flags: SharedFlags, command: Command) =>
    exportKey(io, file, command.optsWithGlobals()),
  );
}

async function show(io: Io, flags: Flags): Promise<void> {
  const format = auditFormat(flags.output);
  const filter = filterOf(flags, io);
  const tell = (text: string) => note(io, text);
  await withRegistry(io, flags, {}, async ({ registry }) => {
    if (format !== 'jsonl') {
      const events: ReadEvent[] = [];
      try {
        for await (const event of registry.audit(filter, tell)) events.push(event);
      } finally {
        await printRows(io, format, columns(io), events);
      }
      return;
    }
    for await (const event of registry.audit(filter, tell))
      await print(io, `${escapedJson(event)}\n`);
  });
}

/** Lines as they come: a table would have to know how wide its columns will be. */
async function follow(io: Io, flags: Flags): Promise<void> {
  const format = auditFormat(flags.output);
  if (format === 'table')
    throw new SecretregError('wrong-use', {
      reason: '--follow has lines as they come, and no table',
    });
  const filter = filterOf(flags, io);
  if (filter.until !== undefined)
    throw new SecretregError('wrong-use', {
      reason: '--follow has no end but Ctrl-C, so it takes no --until',
    });
  const tell = (text: string) => note(io, text);
  // Never aborted: it ends with the process.
  const following = { until: new AbortController().signal };
  await withRegistry(io, flags, {}, async ({ registry }) => {
    for await (const event of registry.audit(filter, tell, following))
      await print(io, format === 'jsonl' ? `${escapedJson(event)}\n` : line(columns(io), event));
  });
}

function filterOf(
  { path, key, principal, method, since, until, denied }: Flags,
  io: Io,
): AuditFilter {
  return {
    ...(path !== undefined && { path: pathArgument(path) }),
    ...(key !== undefined && { key: keyArgument(key) }),
    ...(principal !== undefined && { principal: principalArgument(principal) }),
    ...(method !== undefined && { method: methodOption(method) }),
    ...(since !== undefined && { since: pastOption('--since', since, io.clock()) }),
    ...(until !== undefined && { until: pastOption('--until', until, io.clock()) }),
    ...(denied && { denied }),
  };
}

function methodOption(text: string): AuditMethod {
  const method = AUDIT_METHODS.find((one) => one === text);
  if (method !== undefined) return method;
  throw new SecretregError('wrong-use', {
    reason: `--method '${text}' is nothing that can be asked; there are ${AUDIT_METHODS.join(', ')}`,
  });
}

function auditFormat(text: string | undefined): Format {
  if (text === undefined) return 'auto';
  if (text === 'jsonl' || text === 'table') return text;
  throw new SecretregError('wrong-use', { reason: '-o takes jsonl or table here' });
}

function columns(io: Io): Column<ReadEvent>[] {
  return [
    timeColumn(io, { name: 'time' }, (row) => row.time),
    { name: 'principal', value: (row) => row.data.authenticationInfo.principal },
    { name: 'method', value: (row) => row.data.methodName },
    { name: 'resource', value: resourceOf },
    {
      name: 'status',
      value: (row) => (row.applied ? outcomeOf(row) : 'not applied'),
    },
  ];
}

/** Of a role also where it was given, which the name of the resource does not say. */
function resourceOf({ subject, data: { authorizationInfo } }: ReadEvent): string {
  const encoded = subject.replace(/^crn:\/\/\/secretreg=[0-9a-f]+\/?/, '');
  // A server may say anything, and what is no name is shown as it came.
  const name = percentDecoded(encoded) ?? encoded;
  const { resourceType, patternType, resourceName } = authorizationInfo;
  if (resourceType !== 'Secret' || !/\/role=\w+$/.test(encoded)) return name;
  return `${name} on ${showPattern({ patternType, name: resourceName })}`;
}

/**
 * What came of a request. Refused log-ins of a kind are one line that counts them, and so are requests that were refused
 * before anything was asked: a thousand must not look like one.
 */
export function outcomeOf({ data: { methodName, authorizationInfo, result } }: ReadEvent): string {
  const { status, count = 1 } = result;
  if (count === 0) return `${status}, none`;
  const isRefusedUnasked = !authorizationInfo.granted && !OF_RIGHTS.has(status);
  const isCounted = methodName === 'access.Authenticate' || isRefusedUnasked;
  return isCounted && count > 1 ? `${status}, ${count} times` : status;
}

/** How a request ends that lacks a right; its count is that of the keys that it asked for. */
const OF_RIGHTS: ReadonlySet<string> = new Set([
  'not-allowed',
  'not-authenticated',
  'path-not-found',
]);
