#!/usr/bin/env bash
# `make test`: all that CI runs, in the order in which mistakes are cheapest to hear of.
#
#   scripts/test.sh                 everything
#   scripts/test.sh fmt arch …      only these steps: fmt assets build arch docs clippy tests e2e
#
# Every step runs even when one before it failed, so that one run shows all that is wrong; the exit
# code is 1 if any failed. The last line of a good run is the browser journeys' `N passed, N failed`.
set -euo pipefail
cd "$(dirname "$0")/.."

steps=("$@")
if [ ${#steps[@]} = 0 ]; then steps=(fmt assets build arch docs clippy tests e2e); fi
wanted() { local s; for s in "${steps[@]}"; do [ "$s" = "$1" ] && return 0; done; return 1; }

# A build server must not quietly change the lock file.
locked=()
if [ "${CI:-}" = true ]; then locked=(--locked); fi
target_dir=$(cargo metadata --no-deps --format-version 1 | sed -E 's/.*"target_directory":"([^"]+)".*/\1/')

# Features are resolved per selection of targets: bins and tests together give the binary that the
# tests use, so that nothing is compiled twice.
step_fmt() { cargo fmt --all --check; }
step_assets() { scripts/assets.sh; }
step_build() { cargo build "${locked[@]}" --workspace --bins --tests; }
step_arch() { cargo run --quiet "${locked[@]}" --package xtask -- arch; }
step_clippy() { cargo clippy "${locked[@]}" --workspace --all-targets -- -D warnings; }

# Generated pages are committed so that a change of rights is seen in review; here they are held to the program.
step_docs() {
  [ -d docs/generated ] || return 0
  # Not local: the trap runs when the step's subshell ends, after the function.
  made=$(mktemp -d)
  trap 'rm -rf "$made"' EXIT
  # A database of its own: it must neither make nor migrate ./data.
  "$target_dir/debug/aftercare" docs "$made/docs" --data "$made/data"
  diff -r docs/generated "$made/docs" || { echo "docs/generated is out of date: run \`make docs\` and commit it" >&2; return 1; }
}

step_tests() {
  if [ "${AFTERCARE_SKIP_PG:-}" != 1 ] && [ -z "${AFTERCARE_TEST_PG:-}" ]; then
    # Whoever started the server before leaves it running; we stop only what we started.
    if ! scripts/pg.sh status >/dev/null 2>&1; then trap 'scripts/pg.sh destroy' EXIT; fi
    AFTERCARE_TEST_PG=$(scripts/pg.sh start)
    export AFTERCARE_TEST_PG
  fi
  if cargo nextest --version >/dev/null 2>&1; then
    local profile=default
    if [ "${CI:-}" = true ]; then profile=ci; fi
    cargo nextest run "${locked[@]}" --workspace --profile "$profile"
  else
    cargo test "${locked[@]}" --workspace --no-fail-fast --lib --bins --tests
  fi
  cargo test "${locked[@]}" --workspace --doc --quiet
}

step_e2e() {
  # Journeys have limits of their own; this one is for what none of them foresaw.
  AFTERCARE_BIN=${AFTERCARE_BIN:-$target_dir/debug/aftercare} timeout --kill-after=20 1200 node tests/e2e/run.mjs
}

if wanted tests || wanted e2e; then scripts/install.sh; else scripts/install.sh rust node; fi

failed=()
for name in fmt assets build arch docs clippy tests e2e; do
  wanted "$name" || continue
  printf '── %s\n' "$name" >&2
  begin=$SECONDS
  # A subshell of its own keeps `set -e` at work inside the step, which `if step` would switch off.
  set +e
  (set -e; "step_$name")
  code=$?
  set -e
  took=$((SECONDS - begin))
  if [ $code = 0 ]; then
    printf '── %s ok, %ss\n' "$name" "$took" >&2
  else
    printf '── %s FAILED, %ss\n' "$name" "$took" >&2
    failed+=("$name")
    # Nothing after these can work.
    if [ "$name" = assets ] || [ "$name" = build ]; then break; fi
  fi
done

if [ ${#failed[@]} -gt 0 ]; then
  printf 'failed: %s\n' "${failed[*]}" >&2
  exit 1
fi
