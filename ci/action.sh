#!/usr/bin/env bash
# What action.yml runs: findings as annotations, a table in the summary of the job, the exit code of validate. Inputs come
# as variables, never as a part of a command line, so that the text of a pull request cannot become one.
set -euo pipefail

# One word a line; blank lines are none.
words() {
  local line
  while IFS= read -r line || [ -n "$line" ]; do
    line=${line%$'\r'}
    if [ -n "$line" ]; then printf '%s\0' "$line"; fi
  done <<< "$1"
}

version=$(node -p 'require(process.env.GITHUB_ACTION_PATH + "/package.json").version')
options=(--format github --report "markdown=$GITHUB_STEP_SUMMARY" --fail-on "$INPUT_FAIL_ON")
if [ -n "$INPUT_CHANGED_SINCE" ]; then options+=(--changed-since "$INPUT_CHANGED_SINCE"); fi
if [ -n "$INPUT_MANIFEST" ]; then options+=(--manifest "$INPUT_MANIFEST"); fi
if [ -n "$INPUT_SARIF" ]; then options+=(--report "sarif=$INPUT_SARIF"); fi
mapfile -d '' -t more < <(words "$INPUT_ARGS")
mapfile -d '' -t files < <(words "$INPUT_FILES")
# npx takes a -- for itself, so that a file called --fix has to be named otherwise.
files=("${files[@]/#-/./-}")

# From an empty folder: in that of the checkout, npx would run what lies in its node_modules, or comes from the registry that
# its .npmrc names. Both may be those of a pull request.
package=${INPUT_PACKAGE:-secretreg@$version}
case $package in ./* | ../*) package=$PWD/$package ;; esac
checkout=$PWD
cd "$(mktemp -d)"
# shellcheck disable=SC2016 # the inner shell's own
exec npx --yes --package "$package" -- \
  bash -c 'cd "$0" && exec secretreg validate "$@"' "$checkout" "${options[@]}" "${more[@]}" "${files[@]}"
