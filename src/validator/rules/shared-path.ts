import { visible } from '../../domain/visible.ts';
import { isPlainName } from '../plain-name.ts';
import type { ProjectFinding, Rule } from '../rule.ts';
import type { Use } from '../uses.ts';
import { quoted } from '../wording.ts';

/** How many other connectors are named; those behind are counted. */
const MOST_NAMED = 3;

export const sharedPath: Rule = {
  id: 'shared-path',
  severity: 'off',
  sentence:
    'More than one connector refers to secrets of the path, so that whoever may change one of them can hand out what is of the others. It has to be switched on.',
  each: 'project',
  check(project) {
    return [...project.firstUses()].flatMap((uses): ProjectFinding[] => {
      const [first, second, ...more] = uses;
      if (first === undefined || second === undefined) return [];
      const { path, file, connector, setting } = second;
      const others = more.slice(0, MOST_NAMED - 1).map((use) => `, ${userText(use)}`);
      const rest = more.length - others.length;
      return [
        {
          file,
          place: second,
          subject: path,
          ...(connector !== undefined && { connector }),
          ...(setting !== undefined && { setting }),
          message: `${isPlainName(path) ? `path ${quoted(path)}` : 'a path'} is shared: ${userText(first)} refers to it, and so does ${userText(second)}${others.join('')}${rest === 0 ? '' : ` and ${rest} more`}`,
          hint: 'each connector has a path of its own name, with its own credentials in it',
        },
      ];
    });
  },
};

function userText({ connector, file, line, column }: Use): string {
  const name = connector === undefined ? 'a connector' : `connector ${quoted(connector)}`;
  return `${name} (${visible(file)}:${line}:${column})`;
}
