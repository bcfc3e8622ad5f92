// Files are checked for whoever is logged in: nobody else may have to wait for it.
import { expect, test } from 'vitest';
import { write } from '../registry/fixture.ts';
import { serve, type Served } from './serving.ts';

/** Ten thousand settings of YAML, for which its library takes about a second. */
const LONG = `name: orders\nconnector.class: x\n${Array.from({ length: 10_000 }, (_, i) => `setting.${i}: "value ${i}"\n`).join('')}`;
const long = { files: [{ name: 'a.yaml', text: LONG }] };

/** The machine may have other work. */
const patient = { limits: { checkTime: 300_000 } };

test('while long files are checked others are answered', { timeout: 120_000 }, async () => {
  const { ask } = await serve(patient);
  const { posted, answered } = await whileChecked(ask, long);
  expect(posted.json).toMatchObject({ files: [{ connectors: 1, diagnostics: [] }] });
  // Without a thread about five, while the body comes.
  expect(answered).toBeGreaterThan(30);
});

const faulty = (count: number, ignored: string) =>
  `${ignored}name: orders\nconnector.class: x\na: ${'${secret:orders:pasword.x}'.repeat(count)}\n`;

test.each([
  ['', 500],
  ['# secretreg-ignore-file missing-key they are meant\n', 0],
])(
  'nor does a short file with many faults hold them up, where many names are compared: %j',
  { timeout: 120_000 },
  async (ignored, told) => {
    const { ask, registry } = await serve(patient);
    await registry.write(
      Array.from({ length: 10_000 }, (_, i) => write('orders', `password.${i}`, 'x')),
    );
    const file = { name: 'a.yaml', text: faulty(500, ignored) };
    const { posted, answered } = await whileChecked(ask, { files: [file] });
    expect(posted.json).toMatchObject({ files: [{ diagnostics: { length: told } }] });
    expect(answered).toBeGreaterThan(30);
  },
);

/** How often others were answered meanwhile. */
async function whileChecked(ask: Served['ask'], body: object) {
  const check = { isDone: false };
  const asked = ask('POST', '/validate', { body }).finally(() => {
    check.isDone = true;
  });
  let answered = 0;
  while (!check.isDone) {
    const { status } = await ask('GET', '/health/live', { as: '' });
    expect(status).toBe(200);
    answered += 1;
  }
  return { posted: await asked, answered };
}

test('what takes too long is refused with a sentence, and the next one is checked', async () => {
  const { ask } = await serve({ limits: { checkTime: 1 } });
  expect(await ask('POST', '/validate', { body: long })).toMatchObject({
    status: 400,
    json: {
      message: expect.stringContaining(
        'to check the files takes longer than 0.001 s: fewer files at a time are needed',
      ),
    },
  });
  const short = { files: [{ name: 'a.json', text: '{"name": "orders", "config": {}}' }] };
  expect((await ask('POST', '/validate', { body: short })).status).toBe(200);
});

test('no more than four long ones are checked at a time', { timeout: 120_000 }, async () => {
  const { ask } = await serve(patient);
  const all = await Promise.all(
    Array.from({ length: 6 }, () => ask('POST', '/validate', { body: long })),
  );
  const refused = all.filter(({ status }) => status !== 200);
  expect(refused.map(({ status, headers }) => [status, headers.get('retry-after')])).toEqual([
    [429, '1'],
    [429, '1'],
  ]);
  expect((await ask('POST', '/validate', { body: long })).status).toBe(200);
});

test('long files are told the same as short ones, of values too', async () => {
  const { ask, registry } = await serve(patient);
  await registry.write([write('orders', 'password', 'with "quotes"')]);
  const jaas = `sasl.jaas.config: M required password="\${secret:orders:password}";`;
  const head = `name: orders\nconnector.class: x\n${jaas}\ntopics: \${secret:orders:pasword}\n`;
  const [short, behind] = await Promise.all(
    [head, `${head}# ${'a comment '.repeat(5000)}\n`].map((text) => checked(ask, text)),
  );
  expect(short).toMatchObject({
    files: [{ diagnostics: [{ rule: 'breaks-its-surroundings' }, { rule: 'missing-key' }] }],
    values: { checked: 1, notSeen: 0 },
  });
  expect(behind).toEqual(short);
});

async function checked(ask: Served['ask'], text: string): Promise<unknown> {
  const body = { files: [{ name: 'a.yaml', text }], checkValues: true };
  return (await ask('POST', '/validate', { body })).json;
}
