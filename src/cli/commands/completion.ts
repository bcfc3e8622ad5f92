import { SecretregError } from '../../errors.ts';
import type { Define } from '../command.ts';
import { print } from '../io.ts';

export const define: Define = (program, { io }) => {
  program
    .command('completion')
    .description('a completion script for bash, zsh or fish, with the names in the registry')
    .argument('<shell>')
    .addHelpText(
      'after',
      '\nFor bash:  source <(secretreg completion bash)\nFor zsh:   source <(secretreg completion zsh)\nFor fish:  secretreg completion fish | source',
    )
    .action(async (shell: string) => {
      const script = new Map(Object.entries(scripts)).get(shell);
      if (script === undefined)
        throw new SecretregError('wrong-use', {
          reason: `'${shell}' is not a shell that is known here; there are bash, zsh and fish`,
        });
      await print(io, script);
    });
};

// `secretreg __complete` (complete.ts) knows what can be completed: the scripts only hand that to their shells.
const scripts = {
  // A bash without compopt (before 4) completes files without their marks. A name may hold spaces: %q.
  bash: `# secretreg completion for bash
_secretreg() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    if [ "$line" = ":files" ]; then
      compopt -o filenames 2>/dev/null
      while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}")
    else
      COMPREPLY+=("$(printf '%q' "\${line%%$'\\t'*}")")
    fi
  done < <("\${COMP_WORDS[0]}" __complete --bash -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _secretreg secretreg
`,
  zsh: `#compdef secretreg
_secretreg() {
  local line
  local -a names
  for line in "\${(@f)$("\${words[1]}" __complete -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}"; do
    if [[ "$line" == ":files" ]]; then
      _files
    elif [[ -n "$line" ]]; then
      names+=("\${\${line//:/\\\\:}/$'\\t'/:}")
    fi
  done
  (( \${#names} )) && _describe secretreg names
}
compdef _secretreg secretreg
`,
  fish: `# secretreg completion for fish
function __secretreg_complete
  set -l lines (secretreg __complete -- (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null)
  contains -- :files $lines; and __fish_complete_path (commandline -ct)
  string match --invert -- :files $lines
end
complete -c secretreg -f -a '(__secretreg_complete)'
`,
};
