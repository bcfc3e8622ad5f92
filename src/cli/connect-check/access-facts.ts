// Who may read the secrets that the connectors refer to: the worker has to, and whoever else may is told.
import { type Principal, type RoleBinding, showBinding } from '../../domain/access.ts';
import type { AccessAdmin } from '../../domain/access-admin.ts';
import { parsePath, type SecretPath } from '../../domain/names.ts';
import { secretCommand } from '../../domain/shell-word.ts';
import { didYouMean } from '../../validator/did-you-mean.ts';
import type { Fact } from '../sections.ts';

export async function accessFacts(
  access: Access,
  paths: Iterable<string>,
  worker: Principal | undefined,
): Promise<Fact[]> {
  const found = await readersOf(access, paths, worker);
  const mayNone = worker !== undefined && found.every(({ by }) => by === undefined);
  const unknown = mayNone && found.length > 0 ? await unknownFact(access, worker) : undefined;
  // A grant to nobody would help nobody.
  const facts = found.map((one) => pathFact(one, worker, { isKnown: unknown === undefined }));
  if (unknown !== undefined) return [unknown, ...facts];
  return facts.length > 0 && worker === undefined ? [...facts, NOT_CHECKED] : facts;
}

type Access = Pick<AccessAdmin, 'check' | 'whoCan' | 'grants' | 'users' | 'tokens'>;

/** Who may read a path, and by which grant the worker may. */
interface Readers {
  path: SecretPath;
  others: Principal[];
  by: RoleBinding | undefined;
}

async function readersOf(
  access: Access,
  paths: Iterable<string>,
  worker: Principal | undefined,
): Promise<Readers[]> {
  const found: Readers[] = [];
  for (const text of paths) {
    const parsed = parsePath(text);
    // What is no path is told by the rules.
    if (!parsed.ok) continue;
    const path = parsed.value;
    const readers = await access.whoCan('read', path);
    const others = [...new Set(readers.map(({ principal }) => principal))].filter(
      (principal) => principal !== worker,
    );
    const decision = worker && (await access.check({ principal: worker, action: 'read', path }));
    found.push({ path, others, by: decision?.by });
  }
  return found;
}

function pathFact(
  { path, others, by }: Readers,
  worker: Principal | undefined,
  { isKnown }: { isKnown: boolean },
): Fact {
  const name = `path ${path}`;
  const all = others.join(', ');
  if (worker === undefined) return { name, state: 'ok', text: `may be read by ${all || 'nobody'}` };
  if (by !== undefined) {
    const also = all || 'nobody else';
    return { name, state: 'ok', text: `${worker} may read it (${showBinding(by)}), and ${also}` };
  }
  const text = `${worker} may not read it, so that no connector gets its secrets`;
  const hint = `; hint: ${secretCommand('access grant', [worker, 'DeveloperRead', path])}`;
  return { name, state: 'fail', text: isKnown ? `${text}${hint}` : text };
}

const NOT_CHECKED: Fact = {
  name: 'worker',
  state: 'warn',
  text: 'whether the worker may read them was not checked; hint: --worker-principal User:connect    (as whom it logs in to the registry)',
};

/** Undefined where the registry knows it, or the caller may not see whom it knows. */
async function unknownFact(access: Access, worker: Principal): Promise<Fact | undefined> {
  const known = await principalsOf(access);
  if (known === undefined || known.has(worker)) return undefined;
  const meant = didYouMean(worker, known);
  const text = `the registry knows no ${worker}: there is no grant to it, no token and no user of it${meant === undefined ? '' : `: did you mean ${meant}?`}`;
  const hint = `--worker-principal ${meant ?? 'User:NAME'}    (as whom the worker logs in)`;
  return { name: 'worker', state: 'fail', text: `${text}; hint: ${hint}` };
}

async function principalsOf(access: Access): Promise<ReadonlySet<Principal> | undefined> {
  // To whom may not manage them only some are listed.
  for (const action of ['grant', 'credentials'] as const)
    if (!(await access.check({ action })).allowed) return undefined;
  const all = [...(await access.grants()), ...(await access.users()), ...(await access.tokens())];
  return new Set(all.map(({ principal }) => principal));
}
