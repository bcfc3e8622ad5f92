// One line of the audit trail: a CloudEvents 1.0 event in the shape of Confluent's audit log. Never a value,
// never a hash of a value, no free text of the client beyond capped fields.

export type AuditMethod =
  | 'registry.Init'
  | 'secret.Read'
  | 'secret.Write'
  | 'secret.Delete'
  | 'secret.Destroy'
  | 'secret.Restore'
  | 'secret.List'
  | 'masterKey.Prepare'
  | 'masterKey.Rotate'
  | 'masterKey.Retire'
  | 'registry.Move'
  | 'audit.Read';

export type AuditOperation =
  | 'Read'
  | 'Write'
  | 'Delete'
  | 'List'
  | 'Rotate'
  | 'Audit'
  | 'Init'
  | 'Move';

/** `ok`, or the code of the error that the caller was given. */
export type AuditStatus = string;

/** Who asks, and from where; made at the border. */
export interface Caller {
  /** Such as `User:alice`. */
  principal: string;
  userAgent: string;
  clientAddress?: string;
}

export interface EventCommit {
  n: number;
  attemptId: string;
  /** The last line of the newest commit before it, where that may stand in a chain of somebody else. */
  before?: LineName;
}

/** A line of the trail; the hash is hex SHA-256. */
export type LineName = { chain: string; seq: number; hash: string };

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
    authenticationInfo: { principal: string };
    authorizationInfo: {
      granted: boolean;
      operation: AuditOperation;
      resourceType: 'Secret' | 'Registry';
      resourceName: string;
      patternType: 'LITERAL';
      role: string;
    };
    request: { requestId: string; clientAddress?: string; userAgent: string; connector?: string };
    result: { status: AuditStatus; version?: number; count?: number };
    /** The commit that the event went with, where that one changed records. */
    commit?: EventCommit;
  };
}

/** An event as it is read. */
export interface ReadEvent extends AuditEvent {
  /** False where the commit that it tells of never came about: a crash kept the event and not the records. */
  applied: boolean;
}
