#!/usr/bin/env bash
# `make run`: from a fresh checkout to a running product with a demo company in it.
# LISTEN is the address, DATA the folder of the embedded database.
set -euo pipefail
cd "$(dirname "$0")/.."
listen=${LISTEN:-127.0.0.1:8080}
data=${DATA:-data}

scripts/install.sh rust node
scripts/assets.sh
cargo build --release --quiet --package aftercare --bin aftercare
target_dir=$(cargo metadata --no-deps --format-version 1 | sed -E 's/.*"target_directory":"([^"]+)".*/\1/')
aftercare=$target_dir/release/aftercare

if [ ! -e "$data" ]; then
  # Filled elsewhere and moved when complete: an interrupted first start must not leave half a company.
  fresh=$target_dir/demo-data
  rm -rf "$fresh"
  "$aftercare" demo --data "$fresh"
  mkdir -p "$(dirname "$data")"
  mv "$fresh" "$data"
fi

exec "$aftercare" serve --data "$data" --listen "$listen"
