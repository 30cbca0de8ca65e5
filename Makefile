# Dingpan 定盘. `make help` lists what there is.
PYTHON ?= python3.11
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
WEB := $(addprefix tools/web/,build.sh build.mjs plotly.cjs package.json package-lock.json)

# The embedded deliveries end here; without it every figure would be called overdue.
AS_OF ?= 2026-01-31

export OMP_NUM_THREADS := 1

.DEFAULT_GOAL := help
.PHONY: run setup doctor web daily cockpit real test verify format lock clean help

# Bad deliveries (exit code 2) are no reason not to look: a release of the good rows was made.
run: setup  ## From nothing to the cockpit in the browser
	./spark-submit.sh deliver
	./spark-submit.sh boundaries
	./spark-submit.sh daily --as-of $(AS_OF) || [ $$? -eq 2 ]
	$(BIN)/python -m cockpit --demo

setup: .venv/.runtime .jars/.locked web  ## Environment, jars and web bundle, no more

daily: setup  ## The daily job alone
	./spark-submit.sh daily --as-of $(AS_OF)

cockpit: setup  ## The cockpit alone, on the lake as it is
	$(BIN)/python -m cockpit --demo

real: setup  ## The daily job on departments' own files: make real SOURCES=DIR
	@test -n "$(SOURCES)" || { echo "Say where the files are: make real SOURCES=DIR" >&2; exit 2; }
	./spark-submit.sh boundaries --lake out/real
	./spark-submit.sh real --sources "$(SOURCES)" --lake out/real
	@echo "Look at it with: $(BIN)/python -m cockpit --demo --lake out/real"

test: .venv/.dev .jars/.locked web  ## Every check, with the time of each
	$(BIN)/python tools/checks.py

verify: .venv/.dev .jars/.locked web  ## The long checks
	$(BIN)/python -m pytest -m verify

format: .venv/.dev  ## Format the code and mend what ruff can
	$(BIN)/ruff check --fix --quiet
	$(BIN)/ruff format

lock: .venv/.dev  ## Resolve Python packages, jars and web packages anew
	$(BIN)/uv pip compile -q --generate-hashes --python-version 3.11 requirements.in -o requirements.lock
	$(BIN)/uv pip compile -q --generate-hashes --python-version 3.11 requirements-dev.in -c requirements.lock -o requirements-dev.lock
	$(MAKE) --no-print-directory .venv/.dev
	$(BIN)/python tools/fetch_jars.py --update
	cd tools/web && npm install --package-lock-only --loglevel=error

clean:  ## Remove caches and built files, never data
	rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis spark-warehouse
	rm -rf out/web out/checks out/bench tools/web/node_modules
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

help:  ## This list
	@sed -n 's/^\([a-z]*\):.*##  *\(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r name words; \
	do printf 'make %-8s %s\n' "$$name" "$$words"; done

doctor:
	@PYTHON="$(PYTHON)" sh tools/doctor

.venv/bin/python: | doctor
	$(PYTHON) -m venv .venv

.venv/.runtime: requirements.lock .venv/bin/python | doctor
	@echo "Installing the locked Python packages (some minutes, once) …"
	$(INSTALL) -r requirements.lock
	@touch $@

.venv/.dev: requirements-dev.lock .venv/.runtime | doctor
	@echo "Installing what the tests need …"
	$(INSTALL) -r requirements-dev.lock
	@touch $@

.jars/.locked: conf/jars.lock .venv/.runtime
	$(BIN)/python tools/fetch_jars.py
	@touch $@

web: out/web/.built

# Not stamped without npm, so that a later `make setup` builds it when npm has come.
out/web/.built: $(WEB) .venv/.runtime
	@sh tools/web/build.sh
