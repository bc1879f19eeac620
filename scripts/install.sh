#!/usr/bin/env bash
# Installs what a machine lacks, and says nothing when it lacks nothing.
#
#   scripts/install.sh [rust] [node] [postgres] [browser] [tools]      nothing named: all of them
#
# Debian and Ubuntu packages, as root or through sudo. A machine is expected to have a C compiler,
# Rust (rustup) and Node with npm; these are checked, not installed.
set -euo pipefail

say() { printf 'install: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

missing=()
want() { missing+=("$1"); }

need_rust() {
  have cargo || die "Rust is missing: install it with rustup, then try again"
  have cc || have gcc || want gcc
  # Components of the same toolchain; rustup is absent where a distribution packages Rust itself.
  if ! cargo fmt --version >/dev/null 2>&1; then rustup component add rustfmt >&2; fi
  if ! cargo clippy --version >/dev/null 2>&1; then rustup component add clippy >&2; fi
}

need_node() {
  have node && have npm || die "Node.js with npm is missing: install Node.js 20 or newer, then try again"
  local major
  major=$(node -p 'process.versions.node.split(".")[0]')
  [ "$major" -ge 20 ] || die "Node.js $major is too old: 20 or newer is needed"
}

need_postgres() {
  if ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 && ! have initdb; then want postgresql; fi
}

need_browser() {
  have chromium || [ -n "${CHROMIUM:-}" ] || want chromium
  # Without a Chinese font the screenshots show empty boxes.
  if ! ls /usr/share/fonts/opentype/noto/NotoSansCJK* >/dev/null 2>&1; then want fonts-noto-cjk; fi
}

need_tools() {
  have jq || want jq
  have curl || want curl
}

apt() {
  local -a as_root=()
  if [ "$(id -u)" != 0 ]; then
    have sudo || die "needs root for: apt-get install ${missing[*]}"
    as_root=(sudo)
    if [ "${CI:-}" = true ]; then as_root=(sudo -n); fi
  fi
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 "$@"
}

if [ $# = 0 ]; then set -- rust node postgres browser tools; fi
for part in "$@"; do
  case "$part" in
    rust | node | postgres | browser | tools) "need_$part" ;;
    *) die "unknown part '$part'" ;;
  esac
done

if [ ${#missing[@]} -gt 0 ]; then
  have apt-get || die "please install: ${missing[*]}"
  say "installing ${missing[*]}"
  log=$(mktemp)
  # The package lists of a fresh machine are empty or old; those of a used one are usually good enough.
  if ! apt install -y --no-install-recommends "${missing[@]}" >"$log" 2>&1 </dev/null; then
    apt update -q >"$log" 2>&1 </dev/null || true
    apt install -y --no-install-recommends "${missing[@]}" >>"$log" 2>&1 </dev/null ||
      { tail -n 30 "$log" >&2; die "could not install ${missing[*]}"; }
  fi
  rm -f "$log"
fi
