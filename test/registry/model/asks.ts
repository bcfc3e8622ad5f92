// What can be asked of a registry, as plain data that goes to another process and into a report, and its answers in the
// few words that a model can say too. `ask` puts the question to any Registry and AccessAdmin.
import type { Grant, ResourcePattern, Role } from '../../../src/domain/access.ts';
import type {
  FitQuestion,
  KeyInfo,
  Metadata,
  MetadataChanges,
  SecretVersion,
  Target,
  VersionInfo,
} from '../../../src/domain/registry.ts';
import type { Version } from '../../../src/domain/version.ts';
import { SecretregError } from '../../../src/errors.ts';
import { type Session, user } from '../../contract/access.contract.ts';
import { name, path, v, write } from '../fixture.ts';

export interface AskedWrite {
  path: string;
  key: string;
  value: string;
  over?: number | 'none';
}

export interface AskedTarget {
  path: string;
  key?: string;
  version?: number;
}

export interface AskedGrant {
  role: Role;
  on: ResourcePattern;
}

export type Ask =
  | { do: 'put'; writes: AskedWrite[] }
  | { do: 'import'; writes: AskedWrite[] }
  | { do: 'get'; path: string; key: string; version: number | 'latest' }
  | { do: 'get-every'; path: string; key: string }
  | { do: 'get-all'; path: string; keys?: string[] }
  | { do: 'check'; path: string; key: string }
  | { do: 'paths'; deleted: boolean }
  | { do: 'list'; path?: string; deleted: boolean }
  | { do: 'history'; path: string; key: string; deleted: boolean }
  | { do: 'delete'; target: AskedTarget; permanent: boolean }
  | { do: 'restore'; target: AskedTarget }
  | { do: 'metadata'; path: string; key: string }
  | { do: 'set-metadata'; path: string; key: string; changes: MetadataChanges }
  | { do: 'grant'; grant: AskedGrant }
  | { do: 'revoke'; grant: AskedGrant }
  | { do: 'forget-user' };

/** An answer in JSON, or the code of the refusal. */
export type Outcome = { is: unknown } | { code: string };

/** Who is granted roles. */
export const RITA = user('rita');

/** How a value that holds an `@` does not fit. */
const IN_A_URL: FitQuestion['surroundings'] = 'url-password';

export function ask(session: Session, asked: Ask): Promise<Outcome> {
  return outcomeOf(() => answer(session, asked));
}

/** Anything but a refusal of the registry ends the test. */
export async function outcomeOf(work: () => Promise<unknown>): Promise<Outcome> {
  try {
    return { is: await work() };
  } catch (error) {
    if (error instanceof SecretregError) return { code: error.code };
    throw error;
  }
}

async function answer({ registry, access }: Session, asked: Ask): Promise<unknown> {
  switch (asked.do) {
    case 'put':
      return (await registry.write(asked.writes.map(writeOf))).map(shownVersion);
    case 'import':
      return (await registry.write(asked.writes.map(writeOf))).length;
    case 'get':
      return shownValue(await registry.read(...place(asked), asked.version as Version | 'latest'));
    case 'get-every':
      return (await registry.readKey(...place(asked))).map(shownValue);
    case 'get-all':
      return (await registry.readPath(path(asked.path), asked.keys?.map(name))).map(shownValue);
    case 'check': {
      const question = { key: name(asked.key), surroundings: IN_A_URL };
      const answers = await registry.checkValues(path(asked.path), [question]);
      return answers.map(({ obstacle }) => obstacle ?? 'fits');
    }
    case 'paths':
      return registry.paths(asked);
    case 'list': {
      const { path: one } = asked;
      const keys =
        one === undefined ? registry.listPaths(asked) : registry.listKeys(path(one), asked);
      return (await keys).map(shownKey);
    }
    case 'history':
      return shownKey(await registry.listVersions(...place(asked), asked));
    case 'delete':
      return (await registry.delete(targetOf(asked.target), asked)).map(shownVersion);
    case 'restore':
      return (await registry.restore(targetOf(asked.target))).map(shownVersion);
    case 'metadata':
      return sorted(await registry.metadata(...place(asked)));
    case 'set-metadata':
      return sorted(await registry.setMetadata(...place(asked), asked.changes));
    case 'grant': {
      const { role, resource } = await access.grant(grantOf(asked.grant));
      return `${role} on ${resource?.patternType} ${resource?.name}`;
    }
    case 'revoke':
      return (await access.revoke(grantOf(asked.grant))) ?? 'done';
    case 'forget-user':
      return (await access.deleteUser(RITA)) ?? 'done';
  }
}

function place(asked: { path: string; key: string }) {
  return [path(asked.path), name(asked.key)] as const;
}

function writeOf({ over, ...asked }: AskedWrite) {
  const one = write(asked.path, asked.key, asked.value);
  return over === undefined ? one : { ...one, onlyOver: over === 'none' ? over : v(over) };
}

function targetOf(asked: AskedTarget): Target {
  return {
    path: path(asked.path),
    ...(asked.key !== undefined && { key: name(asked.key) }),
    ...(asked.version !== undefined && { version: v(asked.version) }),
  };
}

function grantOf({ role, on }: AskedGrant): Grant {
  return { principal: RITA, role, resource: on };
}

function shownVersion({ path, key, version }: VersionInfo): string {
  return `${path} ${key} ${version}`;
}

function shownValue({ path, key, version, value }: SecretVersion): string {
  return `${path} ${key} ${version} ${value.reveal()}`;
}

/** Of the versions their numbers, with a minus where they are deleted. */
function shownKey({ path, key, versions, metadata }: KeyInfo): unknown {
  const numbers = versions.map(({ version, state }) =>
    state === 'enabled' ? version : -Number(version),
  );
  return { key: `${path} ${key}`, versions: numbers, metadata: sorted(metadata) };
}

/** Two texts of the same metadata are one. */
export function sorted(metadata: Metadata): [string, unknown][] {
  return Object.entries(metadata).toSorted(([a], [b]) => (a < b ? -1 : 1));
}
