import { expect, test } from 'vitest';
import { readSource } from '../../src/documents/read.ts';
import { isPlaceholder } from '../../src/documents/template.ts';

async function kindsOf(text: string): Promise<string[]> {
  const { documents, connectors } = await readSource(text, { holdsReference: () => false });
  const kinds = documents.flatMap(({ problems }) => problems.map(({ kind }) => kind));
  return connectors.length > 0 ? [...kinds, 'connector'] : kinds;
}

const TEMPLATES = [
  ['Helm with a condition', '{{- if .Values.x }}\nkind: KafkaConnector\n{{- end }}\n'],
  ['Helm with a value', 'kind: KafkaConnector\nmetadata:\n  name: {{ .Release.Name }}\n'],
  ['Helm with a value in a name', 'metadata:\n  name: {{ .Release.Name }}-orders\n'],
  ['Helm with repeated names', 'a: 1\n{{ if x }}\nb: 1\n{{ else }}\nb: 2\n{{ end }}\n'],
  ['Jinja in YAML', 'a:\n{% for x in y %}\n  - b\n{% endfor %}\n'],
  ['Jinja in JSON', '{"name": "{{ x }}", "tasks.max": {{ n }}}'],
  ['Jinja that begins the file', '{# made by #}\n{"a": {{ b }}}'],
  ['gomplate in JSON', '{"name": "a-{{ getenv "ENV" }}", "connector.class": "x"}'],
  [
    'Jinja in properties',
    'name=a\nconnector.class=x\n{% for k, v in x %}\n{{ k }}={{ v }}\n{% endfor %}\n',
  ],
] as const;

test.each(TEMPLATES)('%s is a template', async (_what, text) => {
  expect(await kindsOf(text)).toEqual(['template']);
});

const DOCUMENTS = [
  [
    'placeholders in JSON',
    '{"name": "{{ x }}", "config": {"connector.class": "{{ y }}"}}',
    ['connector'],
  ],
  ['placeholders in YAML', 'connector.class: "{{ x }}"\npassword: \'{{ y }}\'\n', ['connector']],
  [
    'placeholders in a block',
    'connector.class: x\nfile.name: >-\n  {{topic}}-{{partition}}\n',
    ['connector'],
  ],
  [
    'placeholders in properties',
    'connector.class=x\nfile.name={{topic}}-{{partition}}\n',
    ['connector'],
  ],
  [
    'placeholders in properties with colons',
    'connector.class: x\nfile.name: {{topic}}-{{partition}}\n',
    ['connector'],
  ],
  ['a fault beside a placeholder', '{"name": "{{ x }}" "connector.class": "x"}', ['parse-error']],
  ['a fault in YAML beside a placeholder', 'a: "{{ x }}"\nb: c: d\n', ['parse-error']],
  ['a fault beside a remark', 'a: b: c # {{ x }}\n', ['parse-error']],
  ['an open sign', '{"a": {{ }', ['parse-error']],
] as const;

test.each(DOCUMENTS)('%s make no template', async (_what, text, kinds) => {
  expect(await kindsOf(text)).toEqual(kinds);
});

test('a template gives its place, and no connector', async () => {
  const text = 'kafka_connect_connectors:\n{% if x %}\n- name: {{ y }}\n{% endif %}\n';
  const { documents } = await readSource(text, { holdsReference: () => false });
  const [problem] = documents[0]?.problems ?? [];
  expect(text.slice(problem?.start, problem?.end)).toBe('{{');
  expect(documents[0]?.roots).toEqual([]);
});

test('a variable of Concourse is filled in later where it is the whole value', () => {
  const whole = ['a-{{ x }}', '((orders))', '((vault:orders.name))'];
  const parts = ['a-((orders))', '((orders))-a', '((a b))', '{{ x'];
  expect([...whole, ...parts].filter(isPlaceholder)).toEqual(whole);
});
