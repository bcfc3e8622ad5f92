import { type Figure, figure, type Measure } from '../figure.ts';
import { type MadeUp, makeRegistry, placeOf } from '../made-up-registry.ts';
import { inTurn, outputOf, timeNode } from '../measure.ts';
import { benchFile, SECRETREG } from '../program.ts';

const SIZES = [10, 10_000, 100_000] as const;

/** One secret of registries of three sizes; all six contestants in turn, for the sizes are compared with each other too. */
export const get: Measure = (folder) => {
  const registries = SIZES.map((size) => makeRegistry(folder, size));
  const contestants = registries.flatMap((made) => [
    [ownName(made.secrets), ownArguments(made)] as const,
    [floorName(made.secrets), floorArguments(made)] as const,
  ]);
  requireSameAnswers(folder, registries);
  const samples = inTurn(
    Object.fromEntries(
      contestants.map(([name, args]) => [name, () => timeNode(args, { folder })] as const),
    ),
    100,
  );
  const named = (name: string) => ({ name, samples: samples[name] ?? [] });
  const [least, ...larger] = SIZES.map((size) => named(ownName(size)));
  const besideFloor: Figure[] = SIZES.map((size) =>
    figure(named(ownName(size)), named(floorName(size)), 1.25),
  );
  return [...besideFloor, ...larger.map((one) => figure(one, least!, 1.1))];
};

function ownName(secrets: number): string {
  return `get of ${secrets.toLocaleString('en')}`;
}

function floorName(secrets: number): string {
  return `bare script, ${secrets.toLocaleString('en')}`;
}

function ownArguments(made: MadeUp): string[] {
  const { path, key } = placeOf(made.secrets - 1);
  const flags = ['--registry', `file:${made.file}`, '--master-key-file', made.keyFile];
  return [SECRETREG, 'get', path, key, ...flags];
}

function floorArguments(made: MadeUp): string[] {
  const { path, key } = placeOf(made.secrets - 1);
  return [benchFile('floor/get.mjs'), made.file, made.keyFile, path, key];
}

/** A floor that does less than it says would be none: its answers are ours, and its audit lines fit into the chain. */
function requireSameAnswers(folder: string, registries: readonly MadeUp[]): void {
  for (const made of registries) {
    const own = outputOf(ownArguments(made), { folder });
    const bare = outputOf(floorArguments(made), { folder });
    if (own === '' || own !== bare) throw new Error('the floor reads something else than get does');
    const flags = ['--registry', `file:${made.file}`, '--master-key-file', made.keyFile];
    outputOf([SECRETREG, 'audit', 'verify', ...flags], { folder });
  }
}
