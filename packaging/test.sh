#!/usr/bin/env bash
# Sets up, builds, runs all tests. Last line: "N passed, N failed, N skipped".  --long also runs what takes longer.
set -uo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$top" || exit 1
long=no; [ "${1:-}" = --long ] && long=yes
preset=release; build=build
[ "${CI:-}" = true ] && preset=ci && build=build-ci

started=$SECONDS
took() { echo "test: $1 took $((SECONDS - started)) s" >&2; started=$SECONDS; }
packaging/setup.sh --tests || { echo "0 passed, 1 failed"; exit 1; }
took "set-up"
# Layers whose tests also run under the address and undefined-behaviour sanitizers.
sanitized=(base layering formats runs protocol)
compile() { cmake --preset "$1" >"$2.configure.log" 2>&1 && cmake --build "$2" -j2 "${@:3}" >"$2.build.log" 2>&1; }
for pair in "$preset $build" "sanitize build-sanitize"; do
  read -r name folder <<<"$pair"
  targets=(); [ "$name" = sanitize ] && targets=(--target "${sanitized[@]/%/_tests}")
  if ! compile "$name" "$folder" "${targets[@]}"; then
    cat "$folder.configure.log"; grep -E -A12 'error|FAILED|warning' "$folder.build.log" | head -80
    echo "the build of preset $name failed; see $folder.build.log"; echo "0 passed, 1 failed"; exit 1
  fi
  took "build of $name"
done

rm -rf "$build/test-results" build-sanitize/test-results
XDG_RUNTIME_DIR=$(mktemp -d); export XDG_RUNTIME_DIR; chmod 700 "$XDG_RUNTIME_DIR"
trap 'rm -rf "$XDG_RUNTIME_DIR"' EXIT
broken=0
pattern=$(IFS='|'; echo "^(${sanitized[*]})\$")
for folder in "$build" build-sanitize; do
  only=(); [ "$folder" = build-sanitize ] && only=(-R "$pattern")
  ctest --test-dir "$folder" -j2 --output-on-failure "${only[@]}" || broken=1
  took "tests of $folder"
done

# Adds up what every test program reported; one that left no report counts as one failure.
count() { cat "$build"/test-results/*.json build-sanitize/test-results/*.json 2>/dev/null | tr -d ' \n' | grep -o "$1" | wc -l; }
total=$(count '"status":"RUN"'); skipped=$(count '"result":"SKIPPED"'); failed=$(count '"failures":\[')
silent=0
for folder in "$build" build-sanitize; do
  only=(); [ "$folder" = build-sanitize ] && only=(-R "$pattern")
  while read -r name; do [ -e "$folder/test-results/$name.json" ] || silent=$((silent + 1)); done < \
    <(ctest --test-dir "$folder" -N "${only[@]}" | sed -n 's/^ *Test *#[0-9]*: //p')
done
passed=$((total - skipped - failed)); failed=$((failed + silent))
# Hostile inputs to the readers, a while each.
seconds=10; [ $long = yes ] && seconds=120
if packaging/fuzz.sh $seconds; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
took "fuzzing"
if [ $long = yes ]; then
  # What takes minutes: parity of the published sizes in float64, ten kills of one run, five minutes of a writer and a
  # reader, ten million events, and three trainings held against their bars.
  slow="--gtest_also_run_disabled_tests --gtest_filter=*DISABLED*"
  for step in "$build/bin/models_tests $slow" "$build/bin/jobs_tests $slow" "$build/bin/runs_tests $slow" \
    "env COUNTERPOINT_BENCH_EVENTS=10000000 $build/bin/runs_tests --gtest_filter=EventBench.OpensManyEventsFromTheIndex" \
    "packaging/figures.sh $build"; do
    if $step; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
    took "$step"
  done
fi
[ $broken = 1 ] && [ $failed = 0 ] && failed=1
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
