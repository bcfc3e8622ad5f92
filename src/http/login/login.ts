// What each way to log in answers: who it is, or why not.
import type { Principal } from '../../domain/access.ts';
import type { Credential } from '../../domain/audit-event.ts';
import type { Result } from '../../domain/result.ts';

export interface Login {
  principal: Principal;
  credential: Credential;
}

export interface Refusal {
  /** A sentence for the log of the server; whoever asked is told none of it. */
  reason: string;
  /** Whose credential it would be, where there is such a user. */
  principal?: Principal;
  /** Of that credential. */
  id?: string;
}

export type LoginResult = Result<Login, Refusal>;
