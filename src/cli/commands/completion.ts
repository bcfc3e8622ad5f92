import type { Command } from 'commander';
import { SecretregError } from '../../errors.ts';
import type { Define } from '../command.ts';
import { print } from '../io.ts';
import { commands } from './index.ts';

export const define: Define = (program, context) => {
  program
    .command('completion')
    .description('a completion script for bash, zsh or fish')
    .argument('<shell>')
    .addHelpText(
      'after',
      '\nFor bash:  source <(secretreg completion bash)\nFor fish:  secretreg completion fish | source',
    )
    .action(async (shell: string) => {
      const script = scripts[shell as keyof typeof scripts];
      if (script === undefined)
        throw new SecretregError('wrong-use', {
          reason: `'${shell}' is not a shell that is known here; there are bash, zsh and fish`,
        });
      // The words come from the commands themselves, so all of them are loaded into a program of their own.
      const all = program.createCommand('secretreg').enablePositionalOptions();
      for (const { load } of commands) (await load()).define(all, context);
      await print(context.io, script(wordsOf(all)));
    });
};

interface Words {
  name: string;
  summary: string;
  flags: string[];
}

function wordsOf(program: Command): Words[] {
  return program.commands.flatMap((command) =>
    [command.name(), ...command.aliases()].map((name) => ({
      name,
      summary: command.description().split(':')[0] ?? '',
      flags: command.options
        .flatMap((option) => [option.short, option.long])
        .filter((flag) => typeof flag === 'string'),
    })),
  );
}

const scripts = {
  bash: (words: readonly Words[]) => `# secretreg completion for bash
_secretreg() {
  local current="\${COMP_WORDS[COMP_CWORD]}"
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${words.map(({ name }) => name).join(' ')}" -- "$current"))
    return
  fi
  case "$current" in
    -*)
      case "\${COMP_WORDS[1]}" in
${words.map(({ name, flags }) => `        ${name}) COMPREPLY=($(compgen -W "${flags.join(' ')}" -- "$current")) ;;`).join('\n')}
      esac ;;
    *) COMPREPLY=($(compgen -f -- "$current")) ;;
  esac
}
complete -o filenames -F _secretreg secretreg
`,
  zsh: (words: readonly Words[]) => `#compdef secretreg
_secretreg() {
  if (( CURRENT == 2 )); then
    local -a commands=(
${words.map(({ name, summary }) => `      '${name}:${summary.replaceAll("'", '’')}'`).join('\n')}
    )
    _describe command commands
    return
  fi
  case "\${words[2]}" in
${words.map(({ name, flags }) => `    ${name}) _alternative "files:file:_files" "flags:flag:(${flags.join(' ')})" ;;`).join('\n')}
  esac
}
compdef _secretreg secretreg
`,
  fish: (words: readonly Words[]) =>
    `# secretreg completion for fish\n${words
      .flatMap(({ name, summary, flags }) => [
        `complete -c secretreg -n __fish_use_subcommand -a ${name} -d '${summary.replaceAll("'", '’')}'`,
        ...flags
          .filter((flag) => flag.startsWith('--'))
          .map(
            (flag) =>
              `complete -c secretreg -n '__fish_seen_subcommand_from ${name}' -l ${flag.slice(2)}`,
          ),
      ])
      .join('\n')}\n`,
};
