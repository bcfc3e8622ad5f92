import { count } from '../../domain/count.ts';
import type { ReadEvent } from '../../domain/audit-event.ts';
import { SecretregError } from '../../errors.ts';
import { verifyAudit } from '../../registry/audit-read.ts';
import { pathArgument, sharedOptions } from '../arguments.ts';
import type { Define } from '../command.ts';
import { type Io, note, print } from '../io.ts';
import { ago, type Column, type Format, printRows } from '../rows.ts';
import { withRegistry } from '../session.ts';
import type { SharedFlags } from '../settings.ts';
import { pastOption } from '../times.ts';

interface Flags extends SharedFlags {
  output?: string;
  path?: string;
  since?: string;
}

export const define: Define = (program, { io, setExit }) => {
  const command = program
    .command('audit')
    .description('who asked for what: every request to save or read a secret')
    .argument('[verify]', 'prove that no line of the trail was changed, moved or taken out')
    .option('-o, --output <format>', 'jsonl (CloudEvents) or table')
    .option('--path <path>', 'only what was asked of this path')
    .option('--since <time>', 'RFC 3339 such as 2026-11-01T00:00:00Z, or 30m, 12h, 7d ago');
  sharedOptions(command).action(async (what: string | undefined, flags: Flags) => {
    if (what === undefined) return show(io, flags);
    if (what !== 'verify')
      throw new SecretregError('wrong-use', {
        reason: `'${what}' is not something audit can do; there is verify`,
      });
    return verify(io, flags, setExit);
  });
};

async function show(io: Io, flags: Flags): Promise<void> {
  const format = auditFormat(flags.output);
  const filter = {
    ...(flags.path !== undefined && { path: pathArgument(flags.path) }),
    ...(flags.since !== undefined && { since: pastOption('--since', flags.since, io.clock()) }),
  };
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
      await print(io, `${JSON.stringify(event)}\n`);
  });
}

async function verify(io: Io, flags: Flags, setExit: (code: number) => void): Promise<void> {
  const proof = await withRegistry(io, flags, {}, ({ core }) => verifyAudit(core));
  for (const text of proof.notes) note(io, text);
  if (proof.fault !== undefined) throw new SecretregError('audit-broken', proof.fault);
  setExit(0);
  await print(
    io,
    `${count(proof.lines, 'line')} ${proof.lines === 1 ? 'fits' : 'fit'}; the last one is ${proof.head?.seq ?? 0} ${proof.head?.hash ?? ''}\n`,
  );
}

function auditFormat(text: string | undefined): Format {
  if (text === undefined) return 'auto';
  if (text === 'jsonl' || text === 'table') return text;
  throw new SecretregError('wrong-use', { reason: '-o takes jsonl or table here' });
}

function columns(io: Io): Column<ReadEvent>[] {
  const now = io.clock();
  return [
    { name: 'time', value: (row) => row.time, forPerson: (row) => ago(row.time, now) },
    { name: 'principal', value: (row) => row.data.authenticationInfo.principal },
    { name: 'method', value: (row) => row.data.methodName },
    {
      name: 'resource',
      value: (row) =>
        decodeURIComponent(row.subject.replace(/^crn:\/\/\/secretreg=[0-9a-f]+\/?/, '')),
    },
    {
      name: 'status',
      value: (row) => (row.applied ? row.data.result.status : 'not applied'),
    },
  ];
}
