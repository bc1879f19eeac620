# The two commands that matter: `make run` and `make test`. Both install what is missing.
# Everything is a small script in scripts/, so that it can be read and run alone.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
LISTEN ?= 127.0.0.1:8080
DATA ?= data

.PHONY: help run test fmt check e2e shots assets docs audit pg-start pg-stop clean-data

help: ## show this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## (.*)/  make \1|\2/' | column -t -s '|'

run: ## build, fill the demo company on the first start, serve (LISTEN=127.0.0.1:8080 DATA=data)
	@LISTEN="$(LISTEN)" DATA="$(DATA)" scripts/run.sh

test: ## everything that CI runs: format, lints, architecture, tests on both databases, browser journeys
	@scripts/test.sh

check: ## the quick half of `make test`: format, architecture, lints
	@scripts/test.sh fmt assets arch clippy

fmt: ## format all code
	@cargo fmt --all

e2e: ## browser journeys only (ONLY=name for one of them)
	@scripts/test.sh assets build e2e

shots: ## browser journeys, saving the screenshots of the README into docs/screenshots
	@SHOTS=1 scripts/test.sh assets build e2e

assets: ## style sheets and scripts into assets/dist
	@scripts/install.sh node
	@scripts/assets.sh

docs: assets ## write docs/generated (permission matrix, routes)
	@cargo xtask docs

audit: ## licences and known vulnerabilities of all dependencies (needs cargo-deny and the network)
	@cargo deny check

pg-start: ## start the throw-away PostgreSQL server of the tests and print its address
	@scripts/install.sh postgres
	@scripts/pg.sh start

pg-stop: ## stop it and delete its files
	@scripts/pg.sh destroy

clean-data: ## delete the demo company, so that the next `make run` makes a new one
	rm -rf -- "$(DATA)"
