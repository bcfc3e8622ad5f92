// Variables that decide what a command is or loads. A secret of such a name, in a file that somebody else wrote, would make
// something else run: so no secret becomes such a variable.
const TELLING =
  /^(PATH|HOME|SHELL|SHELLOPTS|SSL_CERT_FILE|BASHOPTS|IFS|ENV|PS[0-9]|PROMPT_COMMAND|CLASSPATH|.*_OPT(S|IONS)?|(BASH|CARGO|DOTNET|DYLD|GIT|JAVA|LD|NODE|NPM|SECRETREG|XDG)_.*|(PERL5|PYTHON|RUBY).*)$/;

export function tellsWhatRuns(variable: string): boolean {
  return TELLING.test(variable);
}
