// Requests told as audit events, and events made into lines of the chain.
import { type AuditKey, isAuthenticLine, nextLine } from '../crypto/chain.ts';
import type { RoleBinding } from '../domain/access.ts';
import type { JsonValue } from '../domain/canonical-json.ts';
import type {
  AuditEvent,
  AuditMethod,
  AuditOperation,
  Caller,
  EventCommit,
  EventPruned,
  LineName,
} from '../domain/audit-event.ts';
import { visible } from '../domain/visible.ts';
import { SecretregError } from '../errors.ts';
import type { ChainHead } from '../store/store.ts';

/** What a request was about, before its end is known. */
export interface AuditSubject {
  method: AuditMethod;
  path?: string;
  key?: string;
  version?: number;
  /** How many versions, keys or events it touched; of what is refused, how many keys it asked for. */
  count?: number;
  /** Whose access it is about, which token of theirs, and which grant. */
  principal?: string;
  token?: string;
  grant?: RoleBinding;
  /** Which lines of the trail were removed. */
  pruned?: EventPruned;
}

export interface AuditEntry {
  subject: AuditSubject;
  status: string;
  /** Without: by whoever has the master key. */
  granted?: boolean;
  /** The role that allowed it. */
  role?: string;
}

export interface AuditContext {
  storeId: string;
  caller: Caller;
  time: string;
  random: (length: number) => Uint8Array;
  commit: EventCommit | undefined;
}

const OPERATIONS: Record<AuditMethod, AuditOperation> = {
  'registry.Init': 'Init',
  'registry.Backup': 'Read',
  'registry.Move': 'Move',
  'secret.Read': 'Read',
  'secret.Check': 'Read',
  'secret.Write': 'Write',
  'secret.Delete': 'Delete',
  'secret.Destroy': 'Delete',
  'secret.Restore': 'Write',
  'secret.List': 'List',
  'secret.GetMetadata': 'List',
  'secret.SetMetadata': 'Write',
  'masterKey.List': 'Rotate',
  'masterKey.Prepare': 'Rotate',
  'masterKey.Rotate': 'Rotate',
  'masterKey.Retire': 'Rotate',
  'access.Authenticate': 'Authenticate',
  'access.Whoami': 'Access',
  'access.ListGrants': 'Access',
  'access.Grant': 'Access',
  'access.Revoke': 'Access',
  'access.ListUsers': 'Access',
  'access.CreateUser': 'Access',
  'access.SetPassword': 'Access',
  'access.DeleteUser': 'Access',
  'access.ListTokens': 'Access',
  'access.CreateToken': 'Access',
  'access.RevokeToken': 'Access',
  'access.Check': 'Access',
  'audit.Read': 'Audit',
  'audit.Prune': 'Audit',
  'audit.ExportKey': 'Audit',
};

/** Of texts of a caller's own choice, in characters as they stand in the line. */
const LONGEST_USER_AGENT = 200;
const LONGEST_CONNECTOR = 300;

export function makeEvent(entry: AuditEntry, context: AuditContext): AuditEvent {
  const { subject, status, granted = true, role = 'SystemAdmin' } = entry;
  const { principal, credential } = context.caller;
  const source = `crn:///secretreg=${context.storeId}`;
  const resource = source + resourceOf(subject);
  // In the order of canonical JSON, which is written at once then.
  const id = hex(context.random(16));
  return {
    data: {
      authenticationInfo: {
        ...(credential.mechanism !== 'master-key' && {
          credentials: {
            ...('id' in credential && { id: credential.id }),
            mechanism: credential.mechanism,
          },
        }),
        principal,
      },
      authorizationInfo: {
        granted,
        operation: OPERATIONS[subject.method],
        ...resourceInfo(subject, context.storeId),
        role,
      },
      ...(context.commit && {
        commit: {
          attemptId: context.commit.attemptId,
          ...(context.commit.before && { before: inOrder(context.commit.before) }),
          n: context.commit.n,
        },
      }),
      methodName: subject.method,
      ...(subject.pruned && {
        pruned: {
          before: subject.pruned.before,
          last: inOrder(subject.pruned.last),
          removed: subject.pruned.removed,
        },
      }),
      request: {
        ...(context.caller.clientAddress && { clientAddress: context.caller.clientAddress }),
        ...(context.caller.connector && {
          connector: inBounds(context.caller.connector, LONGEST_CONNECTOR),
        }),
        requestId: context.caller.requestId ?? hex(context.random(8)),
        userAgent: inBounds(context.caller.userAgent, LONGEST_USER_AGENT),
      },
      resourceName: resource,
      result: {
        ...(subject.count !== undefined && { count: subject.count }),
        status,
        ...(subject.version !== undefined && { version: subject.version }),
      },
      serviceName: source,
    },
    datacontenttype: 'application/json',
    id,
    source,
    specversion: '1.0',
    subject: resource,
    time: context.time,
    type: 'secretreg/audit',
  };
}

/** The beginning of a text with its escapes, which make it up to nine times as long; none of them is cut in two. */
function inBounds(text: string, longest: number): string {
  const beginning = text.slice(0, longest);
  const whole = visible(beginning);
  if (whole.length <= longest) return whole;
  let shown = '';
  for (const character of beginning) {
    const next = shown + visible(character);
    if (next.length > longest) break;
    shown = next;
  }
  return shown;
}

function inOrder({ chain, hash, seq }: LineName): LineName {
  return { chain, hash, seq };
}

/** The events as the next lines of a chain. */
export function makeLines(
  head: ChainHead,
  events: readonly AuditEvent[],
  auditKey: AuditKey,
  newChain: string,
): string[] {
  const lines: string[] = [];
  // Nothing is built on a line that was forged: `audit verify` names it.
  let last =
    head.lastLine !== undefined && isAuthenticLine(auditKey, head.lastLine)
      ? head.lastLine
      : undefined;
  for (const event of events) {
    const line = nextLine(
      auditKey,
      last,
      newChain,
      event as unknown as { [name: string]: JsonValue },
    );
    lines.push(line);
    last = line;
  }
  return lines;
}

/** `ok`, or the code of the error that the caller is given. */
export function statusOf(error: unknown): string {
  return error instanceof SecretregError ? error.code : 'ours';
}

/** What the right is about: one path, the paths of a grant, or the registry. In the order of canonical JSON. */
function resourceInfo(
  { path, grant }: AuditSubject,
  storeId: string,
): Pick<AuditEvent['data']['authorizationInfo'], 'patternType' | 'resourceName' | 'resourceType'> {
  const { patternType = 'LITERAL', name } = grant?.resource ?? {};
  const resourceName = path ?? name;
  return resourceName === undefined
    ? { patternType, resourceName: storeId, resourceType: 'Registry' }
    : { patternType, resourceName, resourceType: 'Secret' };
}

function resourceOf({ path, key, version, principal, token, grant }: AuditSubject): string {
  let resource = '';
  if (path !== undefined) resource += `/secret=${encodeURIComponent(path)}`;
  if (key !== undefined) resource += `/key=${encodeURIComponent(key)}`;
  if (version !== undefined) resource += `/version=${version}`;
  if (principal !== undefined) resource += `/user=${encodeURIComponent(principal)}`;
  if (token !== undefined) resource += `/token=${encodeURIComponent(token)}`;
  if (grant !== undefined) resource += `/role=${grant.role}`;
  return resource;
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
