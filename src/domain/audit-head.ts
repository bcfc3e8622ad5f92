// The end of a trail, as somebody keeps it elsewhere: what is cut off behind it or in front of it later is found then.
import type { LineName } from './audit-event.ts';
import { ok, type Result, refused } from './result.ts';
import { parseTime } from './time.ts';

export interface AuditHead extends LineName {
  /** How many lines fit, up to this one: in many chains a whole one can be missing, and no line names it. */
  lines: number;
  /** Of the event; RFC 3339 in UTC with milliseconds. */
  time: string;
}

/** `<chain>:<number>:<hash>:<lines>@<time>`. */
export function headText({ chain, seq, hash, lines, time }: AuditHead): string {
  return `${chain}:${seq}:${hash}:${lines}@${time}`;
}

/** Reads what `headText` wrote; the problem is a clause. */
export function parseHead(text: string): Result<AuditHead, string> {
  const parts = /^([0-9a-f]{16}):(\d{1,15}):([0-9a-f]{64}):(\d{1,15})@(\S{24})$/.exec(text);
  const [, chain, seq, hash, lines, time] = parts ?? [];
  const parsedTime = parseTime(time ?? '');
  if (chain === undefined || hash === undefined || parsedTime === undefined)
    return refused('is no line of audit head');
  return ok({ chain, seq: Number(seq), hash, lines: Number(lines), time: parsedTime });
}
