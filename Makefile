# Everything a person types. `make` alone lists it. The set-up itself is .ci/setup.sh.

SHELL := bash
BIN := .venv/bin
PYTHON ?= python3
export PYTHON

# Can be set on the command line: make demo PEOPLE=2000, make test ARGS="tests/store -x"
PEOPLE ?= 1200
SHOTS ?= build/tour
ARGS ?=
# A worker for every core. One process, for a debugger: make test ARGS="-n 0 --pdb"
SHARED := --numprocesses auto --dist worksteal

.PHONY: help setup run test check bench demo tour text cover soak clean
.DEFAULT_GOAL := help

help:  ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' Makefile

.venv/.setup-run: pyproject.toml .ci/setup.sh
	@.ci/setup.sh run

.venv/.setup-dev: pyproject.toml .ci/setup.sh
	@.ci/setup.sh dev

setup: .venv/.setup-run  ## build what is missing to run: system libraries, a Chinese font, .venv, the package
	@:

run: .venv/.setup-run  ## open the window
	@if [ "$$(uname -s)" = Linux ] && [ -z "$$DISPLAY$$WAYLAND_DISPLAY" ]; then \
		echo "There is no display here to open a window on; 'make tour' goes the whole circle without one." >&2; exit 1; fi
	@$(BIN)/gridworker $(ARGS)

test: .venv/.setup-dev  ## run the whole test suite
	@$(BIN)/python -m pytest $(SHARED) $(ARGS)

check: .venv/.setup-dev  ## check format, lint, types and the import contracts
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

bench: .venv/.setup-dev  ## measure speed; a table, and build/bench.json
	@QT_QPA_PLATFORM=$${QT_QPA_PLATFORM:-offscreen} $(BIN)/python -m tests.benchmarks $(ARGS)

demo: .venv/.setup-run  ## make a throwaway sample community in build/demo
	@rm -rf build/demo
	@$(BIN)/gridworker demo --dir build/demo --people $(PEOPLE) $(ARGS)

tour: .venv/.setup-run  ## the whole circle without a display; a picture of every page in build/tour
	@QT_QPA_PLATFORM=$${QT_QPA_PLATFORM:-offscreen} $(BIN)/gridworker tour --shots $(SHOTS) $(ARGS)

text: .venv/.setup-dev  ## merge the Chinese catalogue, with what Qt lacks, and list its faults
	@$(BIN)/python .ci/catalogue.py
	@$(BIN)/pyside6-lrelease -silent resources/locale/zh_CN/qt.ts -qm resources/locale/zh_CN/qt.qm
	@$(BIN)/python .ci/catalogue.py --check

# Floors: 95 % of the code that keeps and moves data, 85 % of what shows it.
cover: .venv/.setup-dev  ## run the tests with branch coverage and hold it to its floors
	@$(BIN)/python -m pytest --cov --cov-report= $(SHARED) $(ARGS)
	@$(BIN)/coverage report --fail-under=95 --omit='gridworker/gui/*,gridworker/cli/*,gridworker/__main__.py'
	@$(BIN)/coverage report --fail-under=85 --include='gridworker/gui/*,gridworker/cli/*'

# GRIDWORKER_HOURS=0.5 make soak: what fits in half an hour. make soak ARGS=kills: that part alone.
# It goes on where another one ended: ARGS=--counted says how far it is, ARGS=--anew begins again.
soak: .venv/.setup-dev  ## the full counts of power cuts, kills, bent bundles, lives; a line each; GRIDWORKER_HOURS (4)
	@$(BIN)/python -m tests.convergence.soak $(ARGS)

clean:  ## remove what was built; .venv stays
	@rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage .coverage.*
	@find gridworker tests .ci -name __pycache__ -type d -prune -exec rm -rf {} +
