// Which moves there are, and how often each is made.
import fc from 'fast-check';
import type { MetadataChanges } from '../../../src/domain/registry.ts';
import type { Ask, AskedWrite } from './asks.ts';
import { type Fault, Made, type Move } from './moves.ts';

// Few names, so that they meet; one is the beginning of another.
const path = fc.constantFrom('p', 'p', 'p', 'p', 'pq', 'r');
const key = fc.constantFrom('a', 'a', 'a', 'b');
const version = fc.constantFrom(1, 1, 2, 2, 3, 4);
/** Some hold what does not fit into a URL. */
const value = fc.tuple(fc.nat(999), fc.constantFrom('', '@')).map(([n, end]) => `v${n}${end}`);
const deleted = fc.boolean();
const place = fc.record({ path, key });
const target = fc.oneof(
  fc.record({ path }),
  place,
  place,
  fc.record({ path, key, version }),
  fc.record({ path, key, version }),
);
const write: fc.Arbitrary<AskedWrite> = fc.record({ path, key, value });
const over = fc.oneof(fc.constant('none' as const), version);
const changes = fc.constantFrom<MetadataChanges[]>(
  { description: 'one' },
  { description: null, tags: ['x', 'y'] },
  { tags: null, rotateEveryDays: 30 },
  { owner: 'team' },
  { owner: ' with a blank before it' },
  { expiresAt: '2031-01-31T00:00:00.000Z' },
  { expiresAt: null },
);
const grant = fc.record({
  role: fc.constantFrom('ResourceOwner', 'DeveloperManage', 'DeveloperWrite', 'DeveloperRead'),
  on: fc.oneof(
    fc.record({
      patternType: fc.constant('LITERAL' as const),
      name: fc.constantFrom('p', 'p', 'r', '*'),
    }),
    fc.record({ patternType: fc.constant('PREFIXED' as const), name: fc.constant('p') }),
  ),
});

type Kind = Ask['do'];

/** How often each is asked, and with what. */
const asks: { [K in Kind]: [weight: number, fc.Arbitrary<Extract<Ask, { do: K }>>] } = {
  put: [
    14,
    fc.oneof(
      { weight: 3, arbitrary: fc.record({ do: fc.constant('put'), writes: fc.tuple(write) }) },
      {
        weight: 2,
        arbitrary: fc.record({
          do: fc.constant('put'),
          writes: fc.tuple(fc.record({ path, key, value, over })),
        }),
      },
      {
        weight: 2,
        arbitrary: fc.record({
          do: fc.constant('put'),
          writes: fc.array(
            fc.record({ path, key, value, over }, { requiredKeys: ['path', 'key', 'value'] }),
            {
              minLength: 2,
              maxLength: 4,
            },
          ),
        }),
      },
    ),
  ],
  import: [
    1,
    fc.record({
      do: fc.constant('import'),
      writes: fc.uniqueArray(write, {
        minLength: 1,
        maxLength: 4,
        selector: (one) => `${one.path} ${one.key}`,
      }),
    }),
  ],
  get: [
    8,
    fc.record({
      do: fc.constant('get'),
      path,
      key,
      version: fc.oneof(fc.constant('latest' as const), version),
    }),
  ],
  'get-every': [2, fc.record({ do: fc.constant('get-every'), path, key })],
  'get-all': [
    2,
    fc.record(
      { do: fc.constant('get-all'), path, keys: fc.uniqueArray(key, { minLength: 1 }) },
      { requiredKeys: ['do', 'path'] },
    ),
  ],
  check: [1, fc.record({ do: fc.constant('check'), path, key })],
  paths: [1, fc.record({ do: fc.constant('paths'), deleted })],
  list: [
    2,
    fc.record({ do: fc.constant('list'), path, deleted }, { requiredKeys: ['do', 'deleted'] }),
  ],
  history: [2, fc.record({ do: fc.constant('history'), path, key, deleted })],
  delete: [
    5,
    fc.record({
      do: fc.constant('delete'),
      target,
      permanent: fc.constantFrom(false, false, false, true),
    }),
  ],
  restore: [4, fc.record({ do: fc.constant('restore'), target })],
  metadata: [1, fc.record({ do: fc.constant('metadata'), path, key })],
  'set-metadata': [2, fc.record({ do: fc.constant('set-metadata'), path, key, changes })],
  grant: [3, fc.record({ do: fc.constant('grant'), grant })],
  revoke: [1, fc.record({ do: fc.constant('revoke'), grant })],
  'forget-user': [1, fc.constant({ do: 'forget-user' })],
};

/** All that is asked. */
export const KINDS = Object.keys(asks);

const FAULTS: readonly Fault[] = [
  'claim-lost',
  'rejected',
  'fails-unwritten',
  'fails-written',
  'unknown-unwritten',
  'unknown-written',
];

export interface Kinds {
  /** These alone are asked; all of them where nothing is said. */
  asks?: (asked: Ask) => boolean;
  /** At most so many. */
  rotations: number;
  /** Whether there are callers that show a token. */
  tokens?: boolean;
}

export function moves({
  asks: isAsked = () => true,
  rotations,
  tokens = true,
}: Kinds): fc.Arbitrary<Made>[] {
  const weighted = Object.values(asks).map(([weight, arbitrary]) => ({ weight, arbitrary }));
  const asked = fc
    .oneof(...(weighted as fc.WeightedArbitrary<Ask>[]))
    .filter((one) => isAsked(one));
  const at = fc.constantFrom(0 as const, 1 as const);
  const fault = fc.oneof(
    { weight: 9, arbitrary: fc.constant<Fault>('none') },
    { weight: 1, arbitrary: fc.constantFrom(...FAULTS) },
  );
  const holder = fc.constant('holder' as const);
  const by = tokens
    ? fc.oneof({ weight: 3, arbitrary: holder }, { weight: 2, arbitrary: fc.nat(2) })
    : holder;
  const token = fc.nat(2);
  const kinds: [weight: number, fc.Arbitrary<Move>][] = [
    [30, fc.record({ move: fc.constant('ask'), at, asked, by, fault })],
    [5, fc.record({ move: fc.constant('together'), asked: fc.tuple(asked, asked) })],
    [2, fc.record({ move: fc.constant('restart'), at })],
    [tokens ? 2 : 0, fc.record({ move: fc.constant('token'), at })],
    [tokens ? 1 : 0, fc.record({ move: fc.constant('revoke-token'), at, token })],
    [rotations > 0 ? 1 : 0, fc.record({ move: fc.constant('rotate') })],
  ];
  const move = fc.oneof(...kinds.map(([weight, arbitrary]) => ({ weight, arbitrary })));
  return [move.map((one) => new Made(one, rotations))];
}
