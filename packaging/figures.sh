#!/usr/bin/env bash
# Trains the sample with three seeds and holds the held-out figures against their bars; mean ± 95 % interval (Student, n = 3).
#   figures.sh [BUILD FOLDER, default build] [WORKSPACE, default a new one]
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
worker=$top/${1:-build}/bin/counterpoint-worker
workspace=${2:-$(mktemp -d)/sample}
[ -e "$workspace/counterpoint.yaml" ] || "$worker" sample "$workspace"
cd "$workspace"
lines=$(mktemp); log=$(mktemp)
ended() { local status=$?; [ $status = 0 ] || { echo "figures: ended with status $status; the last it said:"; tail -n 20 "$log"; } >&2; rm -f "$lines" "$log"; }
trap ended EXIT
# value METRIC JSON: the number, or the end of this script: an empty column would shift all others.
value() {
  local number; number=$(sed -n "s|^  \"$1\": \([-0-9.e+]*\),*\$|\1|p" <<<"$2")
  [ -n "$number" ] || { echo "figures: evaluate gave no $1" >&2; return 1; }
  echo "$number"
}
for seed in 0 1 2; do
  started=$SECONDS
  run=$("$worker" launch --ranks 2 echo_text "seed=$seed" 2>>"$log")
  seconds=$((SECONDS - started))
  found=$("$worker" evaluate "$run" --split test --baseline view --json 2>>"$log")
  control=$("$worker" evaluate "$run" --split test --shuffle-frames --json 2>>"$log")
  row="$seed $seconds"
  for metric in fact/view/accuracy fact/ejection_fraction/error_ratio text_to_clip/recall@5 baseline/oracle/recall@5 \
    baseline/pixels/recall@5; do
    number=$(value "$metric" "$found"); row+=" $number"
  done
  number=$(value fact/ejection_fraction/error_ratio "$control")
  echo "$row $number" | tee -a "$lines"
done
awk '
  function interval(column,   i, mean, square) {
    for (i = 1; i <= n; ++i) mean += v[i, column] / n
    for (i = 1; i <= n; ++i) square += (v[i, column] - mean) ^ 2
    at[column] = mean
    return sprintf("%.3f ± %.3f", mean, 4.303 * sqrt(square / (n - 1) / n))
  }
  { ++n; for (i = 1; i <= NF; ++i) v[n, i] = $i }
  END {
    print "seconds of training        ", interval(2)
    print "right view named           ", interval(3), " (bar: at least 0.9)"
    print "EF error / naming the mean ", interval(4), " (bar: at most 0.6)"
    print "text to clip, recall@5     ", interval(5)
    print "  oracle of the view       ", interval(6), " (bar: twice this)"
    print "  nearest pixels           ", interval(7), " (bar: above this)"
    print "EF error, shuffled frames  ", interval(8), " (control: about 1)"
    met = at[3] >= 0.9 && at[4] <= 0.6 && at[5] >= 2 * at[6] && at[5] > at[7] && at[8] > 0.8
    print met ? "all bars met" : "NOT all bars met"
    exit !met
  }' "$lines"
