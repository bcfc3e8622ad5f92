// Who may read the secrets that the connectors refer to: the worker has to, and whoever else may is told.
import { type Principal, showBinding } from '../../domain/access.ts';
import type { AccessAdmin } from '../../domain/access-admin.ts';
import { parsePath } from '../../domain/names.ts';
import { secretCommand } from '../../domain/shell-word.ts';
import { didYouMean } from '../../validator/did-you-mean.ts';
import type { Fact } from '../sections.ts';

export async function accessFacts(
  access: Access,
  paths: Iterable<string>,
  worker: Principal | undefined,
): Promise<Fact[]> {
  const facts = await pathFacts(access, paths, worker);
  if (worker === undefined || facts.length === 0 || facts.some(({ state }) => state === 'ok'))
    return facts;
  const unknown = await unknownFact(access, worker);
  if (unknown === undefined) return facts;
  // A grant to nobody would help nobody.
  return [
    unknown,
    ...facts.map(({ name, state, text }) => ({
      name,
      state,
      text: text.replace(/; hint: .*/, ''),
    })),
  ];
}

type Access = Pick<AccessAdmin, 'check' | 'whoCan' | 'grants' | 'users' | 'tokens'>;

async function pathFacts(
  access: Access,
  paths: Iterable<string>,
  worker: Principal | undefined,
): Promise<Fact[]> {
  const facts: Fact[] = [];
  for (const text of paths) {
    const path = parsePath(text);
    // What is no path is told by the rules.
    if (!path.ok) continue;
    const readers = await access.whoCan('read', path.value);
    const others = [...new Set(readers.map(({ principal }) => principal))].filter(
      (principal) => principal !== worker,
    );
    const also = others.length === 0 ? 'nobody else' : others.join(', ');
    const name = `path ${text}`;
    if (worker === undefined) {
      facts.push({
        name,
        state: 'ok',
        text: `may be read by ${others.length === 0 ? 'nobody' : also}`,
      });
      continue;
    }
    const { by } = await access.check({ principal: worker, action: 'read', path: path.value });
    facts.push(
      by === undefined
        ? {
            name,
            state: 'fail',
            text: `${worker} may not read it, so that no connector gets its secrets; hint: ${secretCommand('access grant', [worker, 'DeveloperRead', path.value])}`,
          }
        : { name, state: 'ok', text: `${worker} may read it (${showBinding(by)}), and ${also}` },
    );
  }
  if (facts.length > 0 && worker === undefined)
    facts.push({
      name: 'worker',
      state: 'warn',
      text: 'whether the worker may read them was not checked; hint: --worker-principal User:connect    (as whom it logs in to the registry)',
    });
  return facts;
}

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
