import type { Place } from '../../documents/position.ts';
import type { Rule } from '../rule.ts';
import { dangerIn, mayBeDangerous } from '../secrets/danger.ts';

export const dangerousSetting: Rule = {
  id: 'dangerous-setting',
  severity: 'error',
  sentence:
    'A setting that lets whoever writes a connector read files of the worker, or run code on it: providers of its own (CVE-2024-31141), login modules that look up what they are told to (CVE-2023-25194, CVE-2025-27818), addresses of tokens that are files or other protocols (CVE-2025-27817).',
  each: 'setting',
  among: ({ connector }) => connector.entries.filter(({ key }) => mayBeDangerous(key)),
  check({ document }, entry) {
    const danger = dangerIn(entry.key, entry.value);
    if (danger === undefined) return [];
    const { part, message, hint } = danger;
    const place =
      part === 'name'
        ? withoutQuotes(document.text, document.locateName(entry.pointer))
        : document.locate(entry.pointer, part.start, part.end);
    return [{ ...place, message, hint, ...(part === 'name' && { isName: true }) }];
  },
};

function withoutQuotes(text: string, { start, end }: Place): Place {
  // Inside another string a quote is written with a backslash.
  const [quote = ''] = /^\\?["'`]/.exec(text.slice(start, end)) ?? [];
  return { start: start + quote.length, end: end - quote.length };
}
