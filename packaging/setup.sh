#!/usr/bin/env bash
# Brings what Counterpoint builds with: Debian packages and the pinned LibTorch. Takes no time when all is there.
#   --tests   also what the tests need        --cuda   LibTorch with its NVIDIA libraries even without a driver
#   --libtorch-only   leave the Debian packages alone
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
groups=build; cuda=auto; packages=yes
for argument in "$@"; do
  case $argument in
    --tests) groups="build test" ;;
    --cuda) cuda=yes ;;
    --libtorch-only) packages=no ;;
    *) sed -n '2,4s/^# *//p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
  esac
done

install_packages() {
  local column=2 missing=() group debian ubuntu name
  # shellcheck disable=SC1091
  case $(. /etc/os-release && echo "$ID") in ubuntu) column=3 ;; esac
  while read -r group debian ubuntu; do
    case " $groups " in *" $group "*) ;; *) continue ;; esac
    name=$debian; [ $column = 3 ] && name=$ubuntu
    dpkg-query -W -f '${Status}\n' "$name" 2>/dev/null | grep -q 'install ok installed' || missing+=("$name")
  done < <(grep -v '^#' "$here/packages.txt")
  [ ${#missing[@]} = 0 ] && return
  local root=()
  if [ "$(id -u)" != 0 ]; then
    if ! command -v sudo >/dev/null; then
      echo "setup: these packages are missing, and neither root nor sudo is here. As root: apt-get install ${missing[*]}" >&2
      exit 4
    fi
    root=(sudo)
  fi
  echo "setup: installing ${#missing[@]} packages" >&2
  "${root[@]}" apt-get update -qq
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
}

# pip_into FOLDER FILE: the wheels of FILE, their hashes checked, whatever Python runs pip.
pip_into() {
  local platforms=() version
  for version in 2_28 2_27 2_25 2_24 2_18 2_17 2_12; do platforms+=(--platform "manylinux_${version}_x86_64"); done
  PYTHONNOUSERSITE=1 python3 -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --no-compile \
    --root-user-action=ignore --only-binary=:all: --python-version 3.11 --implementation cp --abi cp311 --abi none "${platforms[@]}" \
    --platform manylinux2014_x86_64 --platform manylinux1_x86_64 --target "$1" -r "$2"
}

install_libtorch() {
  local cache=${XDG_CACHE_HOME:-$HOME/.cache}/counterpoint folder part
  folder=$cache/libtorch-2.11.0
  mkdir -p "$cache"
  exec 9>"$cache/.setup.lock"; flock 9           # two set-ups at a time take turns
  rm -rf "$cache"/.partial-*                     # what a set-up that was broken off left behind
  if [ ! -e "$folder/torch/lib/libtorch_cpu.so" ]; then
    echo "setup: fetching LibTorch 2.11.0 (about 560 MB) into $folder" >&2
    part=$cache/.partial-small
    pip_into "$part" "$here/libtorch.txt"
    rm -rf "$folder"; mv "$part" "$folder"
  fi
  if [ $cuda = auto ]; then
    cuda=no; if [ -e /proc/driver/nvidia/version ] || [ -e /dev/nvidiactl ]; then cuda=yes; fi
  fi
  if [ $cuda = yes ] && [ ! -e "$folder/.with-cuda" ]; then
    echo "setup: fetching LibTorch's NVIDIA libraries (2.6 GB unpacked)" >&2
    part=$cache/.partial-cuda
    pip_into "$part" "$here/libtorch-cuda.txt"
    cp -a "$part/nvidia/." "$folder/nvidia/"; rm -rf "$part"; touch "$folder/.with-cuda"
  fi
  flock -u 9
}

[ $packages = no ] || install_packages
install_libtorch
