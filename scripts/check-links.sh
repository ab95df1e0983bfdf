#!/usr/bin/env bash
# Fails when a Markdown page links to a file that is not there, or names one of the repository's: `Sources/…`. Takes pages
# and folders.
set -euo pipefail

root="$(dirname "${BASH_SOURCE[0]}")/.."
dead=0
while IFS= read -r -d '' page; do
  # Inline links without a scheme, `#anchor` cut off; a link is relative to the page it stands in.
  while IFS= read -r target; do
    if [[ ! -e "$(dirname "$page")/$target" ]]; then
      echo "$page: no such file: $target" >&2
      dead=1
    fi
  done < <(grep -oE '\]\([^)#[:space:]]+' "$page" | sed 's/^](//' | grep -vE '^[a-z]+:' || true)
  # Names in code quotes start at the root; one with a pattern or a gap in it is not a name.
  while IFS= read -r target; do
    if [[ ! -e "$root/$target" ]]; then
      echo "$page: no such file: $target" >&2
      dead=1
    fi
  done < <(grep -oE '`(Sources|Tests|Benchmarks|Fuzz|config|dashboards|docs|k8s|scripts)/[^`[:space:]*…:]+`' "$page" |
    tr -d '`' || true)
done < <(find "$@" -name '*.md' -print0)
exit "$dead"
