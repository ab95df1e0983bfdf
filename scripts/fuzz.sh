#!/bin/bash
# Runs one fuzzer for a while: scripts/fuzz.sh lines|objects|snapshots|journals [SECONDS].
# Starts from Fuzz/corpus/TARGET; what it finds on its way stays under .build/fuzz, and so does a crashing input.
set -euo pipefail
cd "$(dirname "$0")/.."

target=${1:?"which fuzzer? One of: lines objects snapshots journals"}
seconds=${2:-60}
case $target in
  lines | objects | snapshots | journals) ;;
  *) echo "unknown fuzzer '$target'. One of: lines objects snapshots journals" >&2; exit 2 ;;
esac

export TALLYGATE_FUZZ=1
scratch=.build/fuzz
# The package manager takes one sanitizer only: the compiler is told both, and the later flag wins.
swift build --configuration release --product "fuzz-$target" --scratch-path "$scratch" \
  --sanitize fuzzer -Xswiftc -sanitize=fuzzer,address

found=$scratch/corpus-$target
mkdir -p "$found"
# A backtrace of Swift's own would replace the fuzzer's report of the input.
export SWIFT_BACKTRACE=enable=no
export ASAN_OPTIONS=malloc_context_size=2
exec "$scratch/release/fuzz-$target" "$found" "Fuzz/corpus/$target" -dict="Fuzz/$target.dict" \
  -max_total_time="$seconds" -max_len=2048 -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
  -artifact_prefix="$scratch/$target-"
