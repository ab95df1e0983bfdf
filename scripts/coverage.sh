#!/bin/bash
# Prints how much of the budget core the unit tests run, by file, and fails below a share of its lines.
#
#   scripts/coverage.sh [least percentage, 95 unless given]
set -euo pipefail
cd "$(dirname "$0")/.."
least=${1:-95}
# Measuring takes flags of its own: in their own scratch path they rebuild nothing else.
scratch=.build/coverage

mkdir -p .build
swift test --disable-xctest --enable-code-coverage --scratch-path "$scratch" >"$scratch.log" 2>&1 || {
  tail -n 40 "$scratch.log"
  exit 1
}

tools=$(dirname "$(readlink -f "$(command -v swift)")")
binaries=$(swift build --scratch-path "$scratch" --show-bin-path)
"$tools/llvm-cov" export -summary-only -instr-profile "$binaries/codecov/default.profdata" \
  "$binaries/tallygatePackageTests.xctest" Sources/BudgetCore |
  python3 -c '
import json, os, sys

least = float(sys.argv[1])
data = json.load(sys.stdin)["data"][0]
rows = [(f["summary"]["lines"], os.path.relpath(f["filename"], "Sources/BudgetCore")) for f in data["files"]]
for lines, name in sorted(rows, key=lambda row: (row[0]["percent"], row[1])):
    print("{:7.2f} %  {:5d} of {:5d}  {}".format(lines["percent"], lines["covered"], lines["count"], name))
total = data["totals"]["lines"]
print("{:7.2f} %  {:5d} of {:5d}  lines of BudgetCore".format(total["percent"], total["covered"], total["count"]))
if total["percent"] < least:
    sys.exit("Less than {:g} % of the lines of BudgetCore are run by a unit test.".format(least))
' "$least"
