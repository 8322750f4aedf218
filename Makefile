# Two commands do everything: `make run` serves the directory, `make test` tries it. `make help` lists the rest.
# Only Python 3.11 or newer (with its venv module), git and make are needed.

.DEFAULT_GOAL := help
PORT ?= 8000
VENV ?= .venv
ARGS ?=
PROCESSES ?= 8

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
LOCK := requirements.lock
LOCK_DEVELOPMENT := requirements-development.lock
LOCK_BENCHMARKS := requirements-benchmarks.lock
LOCK_WHOOSH3 := requirements-whoosh3.lock
WHOOSH3 := build/whoosh3

.PHONY: help
help:  ## Lists these commands
	@sed -n 's/^\([a-z-]*\):.*  ## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-20s %s\n", $$1, $$2 }'

.PHONY: run
run: $(VENV)/.ready-to-run  ## Sets up everything and serves on http://127.0.0.1:8000 (PORT=8001 changes it)
	@exec $(BIN)/services-dir serve --host 127.0.0.1 --port $(PORT)

.PHONY: setup
setup: $(VENV)/.ready-to-test  ## Sets up everything, also for tests, and starts nothing

.PHONY: check
check: lint test  ## All that a change must pass: lint and test

.PHONY: test
test: $(VENV)/.ready-to-test  ## Runs all tests (ARGS="-k search" chooses some)
	@$(BIN)/python -m pytest -n auto --maxprocesses $(PROCESSES) $(ARGS)

.PHONY: lint
lint: $(VENV)/.ready-to-test  ## Format, lint, types, import order
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

.PHONY: format
format: $(VENV)/.ready-to-test  ## Formats the code and mends what can be mended by itself
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .

.PHONY: test-whoosh3
test-whoosh3: $(VENV)/.ready-to-test $(WHOOSH3)/.ready  ## Runs the tests of search on whoosh3, a fork of Whoosh, in its place
	@PYTHONPATH=$(WHOOSH3) $(BIN)/python -c "import whoosh; print('Whoosh', whoosh.versionstring(), 'from', whoosh.__path__[0]); assert '$(WHOOSH3)' in whoosh.__path__[0]"
	@PYTHONPATH=$(WHOOSH3) $(BIN)/python -m pytest -n auto --maxprocesses $(PROCESSES) tests/search $(ARGS)

.PHONY: bench
bench: $(VENV)/.ready-to-bench  ## Measures search and pages beside their peers (ARGS="--listings 100000"; --help lists more)
	@$(BIN)/python -m benchmarks $(ARGS)

.PHONY: relevance
relevance: $(VENV)/.ready-to-test  ## Asks the seeded catalog real questions and judges the answers
	@$(BIN)/python -m tests.relevance

.PHONY: screenshots
screenshots: $(VENV)/.ready-to-test  ## Opens the pages in a browser and writes pictures to screenshots/
	@$(BIN)/python -m tests.screenshots $(ARGS)

.PHONY: migration
migration: $(VENV)/.ready-to-test  ## Writes a migration from what changed in the models (MESSAGE="Council meetings")
	@$(BIN)/python -m tools.new_migration "$(MESSAGE)"
	@$(BIN)/ruff format --quiet services_dir/migrations

.PHONY: translations
translations: $(VENV)/.ready-to-test  ## Gathers all texts, compiles the catalogs and lists what is not translated
	@$(BIN)/python -m tools.translations

.PHONY: lock
lock:  ## Writes the lock files anew from pyproject.toml (for whoever changes a dependency)
	@sh tools/lock.sh

# A stamp says that the environment fits the lock files; a second start skips all of this.
$(VENV)/.ready-to-run: $(LOCK) pyproject.toml
	@sh tools/environment.sh $(VENV)
	@echo "Installing the libraries of $(LOCK); this takes about half a minute, once."
	@$(PIP) install --require-hashes -r $(LOCK)
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.ready-to-test: $(VENV)/.ready-to-run $(LOCK_DEVELOPMENT)
	@echo "Installing the test tools of $(LOCK_DEVELOPMENT); this takes about half a minute, once."
	@$(PIP) install --require-hashes -r $(LOCK_DEVELOPMENT)
	@touch $@

$(VENV)/.ready-to-bench: $(VENV)/.ready-to-test $(LOCK_BENCHMARKS)
	@echo "Installing what search is measured against ($(LOCK_BENCHMARKS)), once."
	@$(PIP) install --require-hashes -r $(LOCK_BENCHMARKS)
	@touch $@

# A folder that goes before the environment's own: whoosh3 is a package of the same name.
$(WHOOSH3)/.ready: $(VENV)/.ready-to-test $(LOCK_WHOOSH3)
	@rm -rf $(WHOOSH3)
	@$(PIP) install --require-hashes --no-deps --target $(WHOOSH3) -r $(LOCK_WHOOSH3)
	@touch $@
