#!/usr/bin/env bash
# Builds assets/dist (style sheets, scripts, icons, fonts), which the binary embeds.
# Does nothing when neither the sources nor the packages have changed.
set -euo pipefail
cd "$(dirname "$0")/../assets"

if [ ! -f node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  npm ci --no-audit --no-fund --loglevel=error >&2
  touch node_modules/.package-lock.json
fi

stamp=dist/.stamp
# -print -quit: one newer source is reason enough.
if [ ! -f "$stamp" ] ||
  [ -n "$(find . -path ./node_modules -prune -o -path ./dist -prune -o -type f -newer "$stamp" -print -quit)" ]; then
  npm run --silent build >&2
  touch "$stamp"
fi
