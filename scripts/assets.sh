#!/usr/bin/env bash
# Builds assets/dist (style sheets, scripts, icons, fonts), which the binary embeds.
# Does nothing when neither the sources nor the packages have changed.
set -euo pipefail
cd "$(dirname "$0")/../assets"

if [ ! -f node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  npm ci --no-audit --no-fund --loglevel=error >&2
  touch node_modules/.package-lock.json
fi

# Beside the packages, not in dist: what is in dist is embedded.
stamp=node_modules/.aftercare-built
newer() { [ -n "$(find "$@" -newer "$stamp" -print -quit)" ]; }
# The icon sprite holds the icons that Rust code names, so Rust sources count too.
if [ ! -f "$stamp" ] || [ ! -d dist ] ||
  newer . -path ./node_modules -prune -o -path ./dist -prune -o -type f ||
  newer ../platform ../contexts ../apps -name '*.rs'; then
  npm run --silent build >&2
  touch "$stamp"
fi
