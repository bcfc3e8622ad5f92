import { describe, expect, test } from 'vitest';
import { parseJaas } from '../../src/store/kafka/jaas.ts';

const optionsOf = (options: string) => parseJaas(`a.Module required ${options};`);

describe('a login configuration', () => {
  test.each<[string, string, Record<string, string>]>([
    ['quotes of both kinds', `a="x y" b='it is "so"'`, { a: 'x y', b: 'it is "so"' }],
    ['a word without quotes', 'debug=true useX=a.b-c', { debug: 'true', useX: 'a.b-c' }],
    ['spaces, lines and comments', 'a = "x" // why\n /* and */ b="y"', { a: 'x', b: 'y' }],
    ['escapes of Java', String.raw`a="\"\\\'\t\101"`, { a: `"\\'\tA` }],
    ['what separates elsewhere, in quotes', 'a="x;y=z//é"', { a: 'x;y=z//é' }],
    ['an empty value', 'a=""', { a: '' }],
    ['no option', '', {}],
  ])('%s', (_, text, expected) => {
    const parsed = optionsOf(text);
    expect(parsed).toMatchObject({ ok: true, value: { module: 'a.Module' } });
    if (parsed.ok) expect(Object.fromEntries(parsed.value.options)).toEqual(expected);
  });

  test.each<[string, string, number, string]>([
    ['nothing', '', 1, 'it ends where there should be the class of a login module'],
    ['options alone', 'username="hunter2"', 9, 'here should be the control flag'],
    [
      'no control flag',
      'a.Module username="hunter2";',
      10,
      "behind the login module comes the control flag 'required'",
    ],
    ['no end', 'a.Module required a="hunter2"', 30, "or ';' at the end"],
    ['no value', 'a.Module required a;', 20, "behind the name of an option comes '='"],
    ['a number', 'a.Module required a=2hunter;', 21, 'here should be a value in double quotes'],
    [
      'an option twice',
      'a.Module required a="1" a="hunter2";',
      25,
      'this option stands there twice',
    ],
    ['an open quote', 'a.Module required a="hunter2;', 21, 'this quote is not closed'],
    [
      'a quote inside',
      'a.Module required a="hun"ter2";',
      26,
      "behind a value comes a space or ';'",
    ],
    [
      'a backslash that would vanish',
      String.raw`a.Module required a="hunter\2x\p";`,
      31,
      'Kafka would drop this backslash',
    ],
    [
      'a line end in a value',
      'a.Module required a="hun\nter2";',
      25,
      'does not go over the end of a line',
    ],
    [
      'more behind the end',
      'a.Module required a="x"; b.hunter2 required;',
      26,
      "nothing comes behind ';'",
    ],
  ])('%s is refused with its place', (_, text, character, reason) => {
    const parsed = parseJaas(text);
    expect(parsed).toMatchObject({ ok: false, problem: { character } });
    if (parsed.ok) return;
    expect(parsed.problem.reason).toContain(reason);
    expect(parsed.problem.reason).not.toContain('hunter');
  });
});
