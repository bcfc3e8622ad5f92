// One line of the audit trail: a CloudEvents 1.0 event in the shape of Confluent's audit log. Never a value,
// never a hash of a value, no free text of the client beyond capped fields.

/** What may be asked: `<about what>.<what>`. */
export const AUDIT_METHODS = [
  'registry.Init',
  'registry.Backup',
  'secret.Read',
  'secret.Check',
  'secret.Write',
  'secret.Delete',
  'secret.Destroy',
  'secret.Restore',
  'secret.List',
  'secret.GetMetadata',
  'secret.SetMetadata',
  'masterKey.Prepare',
  'masterKey.Rotate',
  'masterKey.Retire',
  'masterKey.List',
  'registry.Move',
  'access.Authenticate',
  'access.Whoami',
  'access.ListGrants',
  'access.Grant',
  'access.Revoke',
  'access.ListUsers',
  'access.CreateUser',
  'access.SetPassword',
  'access.DeleteUser',
  'access.ListTokens',
  'access.CreateToken',
  'access.RevokeToken',
  'access.Check',
  'audit.Read',
  'audit.Prune',
  'audit.ExportKey',
] as const;

export type AuditMethod = (typeof AUDIT_METHODS)[number];

export type AuditOperation =
  | 'Read'
  | 'Write'
  | 'Delete'
  | 'List'
  | 'Rotate'
  | 'Audit'
  | 'Access'
  | 'Authenticate'
  | 'Init'
  | 'Move';

/** `ok`, or the code of the error that the caller was given. */
export type AuditStatus = string;

/** How a caller proved who it is. */
export type Credential =
  /** Holding the master key of the registry: everything is allowed. */
  | { mechanism: 'master-key' }
  /** None that counts: of a log-in that was refused. */
  | { mechanism: 'none' }
  | { mechanism: 'token'; id: string }
  /** `id` is that of the password, which changes with it. */
  | { mechanism: 'basic'; id: string }
  /** Its last moment, RFC 3339. */
  | { mechanism: 'mtls'; expiresAt: string }
  | { mechanism: 'jwt'; expiresAt: string };

/** Who asks, how that was proved, and from where; made at the border. */
export interface Caller {
  /** Such as `User:alice`. */
  principal: string;
  credential: Credential;
  userAgent: string;
  clientAddress?: string;
  /** The id of the request that the caller is told and that stands in logs; made up where there is none. */
  requestId?: string;
  /** The connector that a worker asks for. */
  connector?: string;
}

export interface EventCommit {
  n: number;
  attemptId: string;
  /** The last line of the newest commit before it, where that may stand in a chain of somebody else. */
  before?: LineName;
}

/** A line of the trail; the hash is hex SHA-256. */
export type LineName = { chain: string; seq: number; hash: string };

/** What `audit prune` has removed: the trail begins behind `last` then. */
export type EventPruned = {
  /** What is older; RFC 3339. */
  before: string;
  last: LineName;
  /** How many lines of the store were ever removed, those of this time among them. */
  removed: number;
};

export interface AuditEvent {
  id: string;
  source: string;
  specversion: '1.0';
  type: 'secretreg/audit';
  subject: string;
  time: string;
  datacontenttype: 'application/json';
  data: {
    serviceName: string;
    methodName: AuditMethod;
    resourceName: string;
    authenticationInfo: {
      principal: string;
      /** How it was proved, and with which of several credentials: the id of a token. */
      credentials?: { mechanism: string; id?: string };
    };
    authorizationInfo: {
      granted: boolean;
      operation: AuditOperation;
      resourceType: 'Secret' | 'Registry';
      resourceName: string;
      patternType: 'LITERAL' | 'PREFIXED';
      /** The one that allowed it; empty where none did, or none was needed. */
      role: string;
    };
    request: { requestId: string; clientAddress?: string; userAgent: string; connector?: string };
    result: { status: AuditStatus; version?: number; count?: number };
    /** The commit that the event went with, where that one changed records. */
    commit?: EventCommit;
    /** Of `audit.Prune`; `result.count` lines went. */
    pruned?: EventPruned;
  };
}

/** An event as it is read. */
export interface ReadEvent extends AuditEvent {
  /** False where the commit that it tells of never came about: a crash kept the event and not the records. */
  applied: boolean;
}
