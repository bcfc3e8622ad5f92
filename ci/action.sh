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

exec npx --yes --package "${INPUT_PACKAGE:-secretreg@$version}" -- \
  secretreg validate "${options[@]}" "${more[@]}" "${files[@]}"
