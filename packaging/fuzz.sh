#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# usage: packaging/fuzz.sh [SECONDS]: builds the libFuzzer targets with clang and runs each that long (10 unless told).
# A finding ends the run with its input's path; inputs found on the way stay in build-fuzz/.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-10}
cmake --preset fuzz >/dev/null
ninja -C build-fuzz -j2 >build-fuzz/build.log || { tail -40 build-fuzz/build.log; exit 1; }
for source in tests/fuzz/*_fuzz.cpp; do
  target=$(basename "$source" .cpp)
  grown=build-fuzz/corpus/$target
  mkdir -p "$grown" build-fuzz/findings
  echo "== $target, $seconds s"
  build-fuzz/bin/"$target" "$grown" "tests/fuzz/corpus/${target%_fuzz}" -max_total_time="$seconds" -timeout=5 \
    -rss_limit_mb=1024 -max_len=4096 -artifact_prefix=build-fuzz/findings/"$target"- -print_final_stats=1 2>&1 |
    grep -E "ERROR|SUMMARY|stat::(number_of_executed_units|average_exec|peak_rss)|artifact|Test unit" || true
  [ "${PIPESTATUS[0]}" -eq 0 ]
done
