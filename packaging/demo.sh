#!/usr/bin/env bash
# Sets up, builds, makes the sample workspace, trains on it with two ranks and opens the window on it. Without a display it
# takes the tour and says where the pictures are.     --workspace FOLDER (default ~/counterpoint-sample)   --cuda
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
workspace=$HOME/counterpoint-sample; setup=()
while [ $# -gt 0 ]; do
  case $1 in
    --workspace) workspace=$(realpath -m "$2"); shift 2 ;;
    --cuda) setup=(--cuda); shift ;;
    *) sed -n '2,3s/^# *//p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
  esac
done
started=$SECONDS
took() { echo "demo: $1 took $((SECONDS - started)) s" >&2; started=$SECONDS; }

"$top/packaging/setup.sh" --tests "${setup[@]}"; took "set-up"
cd "$top"
cmake --preset release >/dev/null
cmake --build build -j2 --target programs; took "build"
worker=$top/build/bin/counterpoint-worker
[ -e "$workspace/counterpoint.yaml" ] || "$worker" sample "$workspace"
took "sample workspace"
cd "$workspace"
# A second call goes on where the first one ended: each step looks for what it makes.
run=$("$worker" runs list --state finished --paths | head -n 1)
[ -n "$run" ] || { run=$("$worker" launch --ranks 2 echo_text); took "training"; }
[ -e "$run/results/test/metrics.json" ] || { "$worker" evaluate "$run" --split test; took "evaluation"; }
while read -r mean; do
  [ -e "$mean" ] && continue
  "$worker" lora embed --model "$run" adapters/list.json; took "adapter embeddings"
  break
done < <(sed -n 's/.*"embedding_path": *"\([^"]*\)".*/\1/p' adapters/list.json)
if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
  exec "$top/build/bin/counterpoint" "$workspace"
fi
QT_QPA_PLATFORM=offscreen "$top/build/bin/counterpoint" --tour "$workspace/tour" "$workspace"
echo "demo: no display here; pictures of every pane are in $workspace/tour"
