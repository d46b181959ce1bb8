# One word per job; `make` alone lists them. Needs only GNU make and Python 3.11 or newer.
SHELL := /bin/sh
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

VENV ?= .venv
BIN := $(VENV)/bin
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
LOAN_ETL := $(BIN)/loan-etl

# The first interpreter that is new enough; `make PYTHON=/path/to/python demo` picks another.
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for one in python3 python3.14 python3.13 python3.12 python3.11; do \
	if $$one -c '$(NEW_ENOUGH)' >/dev/null 2>&1; then echo $$one; break; fi; done)

.PHONY: help demo test check format bench gates schema clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

demo: $(VENV)/.installed ## install into .venv, make the demo workspace in demo/ and load it
	@$(LOAN_ETL) demo demo
	@echo
	@echo "loan-etl is installed in $(VENV). To have it at hand:  . $(BIN)/activate"
	@echo "Then look around:  cd demo && loan-etl list"

test: check ## set up, check, and run the whole suite (PYTEST="-n 2" for two processes)
	@$(BIN)/python -m pytest $(PYTEST)

check: $(VENV)/.installed-dev ## lint, formatting, types and import rules
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo

format: $(VENV)/.installed-dev ## put the code in its format
	@$(BIN)/ruff check --quiet --fix .
	@$(BIN)/ruff format --quiet .

bench: $(VENV)/.installed-dev ## measure, with the competitors in the same run
	@$(PIP_INSTALL) -e '.[bench]'
	@$(BIN)/python -m tests.bench

gates: $(VENV)/.installed-dev ## the slow gates: crashes, faults, hostile files
	@$(BIN)/python -m pytest -m gate

schema: $(VENV)/.installed-dev ## make everything in schema/ again from the code
	@$(LOAN_ETL) schema --write schema

clean: ## remove the environment, the demo and every cache
	@rm -rf $(VENV) demo build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@rm -rf .import_linter_cache tests/bench/results
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.installed: pyproject.toml | $(BIN)/python
	@$(PIP_INSTALL) -e .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml | $(BIN)/python
	@$(PIP_INSTALL) -e '.[dev]'
	@touch $@ $(VENV)/.installed

$(BIN)/python:
	@$(or $(PYTHON),false) -c '$(NEW_ENOUGH)' || { \
	  echo "loan-etl needs Python 3.11 or newer; '$(or $(PYTHON),python3)' is not." >&2; \
	  echo "  hint: say which: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "$(PYTHON) cannot make a virtual environment." >&2; \
	  echo "  hint: on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
