// Who may read the secrets that the connectors refer to: the worker has to, and whoever else may is told.
import { type Principal, showBinding } from '../../domain/access.ts';
import type { AccessAdmin } from '../../domain/access-admin.ts';
import { parsePath } from '../../domain/names.ts';
import { secretCommand } from '../../domain/shell-word.ts';
import type { Fact } from '../sections.ts';

export async function accessFacts(
  access: Pick<AccessAdmin, 'check' | 'whoCan'>,
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
