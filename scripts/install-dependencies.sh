#!/usr/bin/env bash
# Installs what Tallygate needs from Debian, and only what is missing.
#
#   scripts/install-dependencies.sh build    libraries and tools to build and run
#   scripts/install-dependencies.sh test     the same, and the real parts the integration tests start
#
# Installs nothing and needs no rights when everything is there. Otherwise it needs root or sudo.
# A Swift toolchain (6.2 or newer) must be on PATH already: see https://www.swift.org/install.
set -euo pipefail

build_packages=(ca-certificates git libcrypt-dev libyaml-dev make pkg-config tzdata zlib1g-dev)
test_packages=(
  binutils caddy chromium curl nginx nodejs openssl prometheus python3 python3-venv tmux valgrind
)

case "${1:-}" in
  build) wanted=("${build_packages[@]}") ;;
  test) wanted=("${build_packages[@]}" "${test_packages[@]}") ;;
  *)
    echo "usage: $0 build|test" >&2
    exit 2
    ;;
esac

if ! command -v swift >/dev/null; then
  echo "No swift on PATH. Install a Swift toolchain, 6.2 or newer (https://www.swift.org/install), and run this again." >&2
  exit 1
fi

if ! command -v dpkg-query >/dev/null; then
  echo "This is not a Debian system, so nothing is installed for you. Needed: ${wanted[*]} (Debian's names)." >&2
  exit 0
fi

missing=()
for package in "${wanted[@]}"; do
  # A virtual package or one installed under another name does not count: these names are the real ones.
  status="$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)"
  [[ "$status" == installed ]] || missing+=("$package")
done
[[ ${#missing[@]} -gt 0 ]] || exit 0

as_root=()
if [[ "$(id -u)" != 0 ]]; then
  if ! command -v sudo >/dev/null; then
    echo "Missing: ${missing[*]}. You are not root and there is no sudo; ask someone who is root to run:" >&2
    echo "  apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi

# prometheus, nginx and caddy bring services with them, and the tests start their own. invoke-rc.d asks policy-rc.d
# before it starts anything: one that says no (101) stands there while the packages unpack.
policy=/usr/sbin/policy-rc.d
if [[ ! -e "$policy" ]]; then
  trap '"${as_root[@]}" rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
  "${as_root[@]}" chmod 755 "$policy"
fi

echo "Installing from Debian: ${missing[*]}"
"${as_root[@]}" apt-get update --quiet=2
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
  apt-get install --quiet=2 --yes --no-install-recommends "${missing[@]}" >/dev/null
