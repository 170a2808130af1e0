# Every target sets up what it needs, on a machine with Python 3.11 or later, make and git. A second run finds the
# set-up ready and needs no network. `make PYTHON=python3.12 test` chooses the Python.

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test test-all data-check lint bench bench-large lock clean run-environment dev-environment test-programs

PYTHON ?=
PYTEST_ARGS ?=
# A worker for each processor; `make PYTEST_WORKERS=0 test` runs all in one process, as a debugger wants it.
PYTEST_WORKERS ?= auto
export PYTHON

PYTEST = .venv/bin/python -m pytest --numprocesses $(PYTEST_WORKERS) --maxprocesses 8 --dist worksteal

# A comma in an argument of $(call) would end it.
comma := ,

# Prints a command as a person would type it, then runs it.
define show
@printf '\n$$ mcred %s\n' '$(1)'
@.venv/bin/mcred $(1)
endef

# The same, but only the first lines of what it says. 1 is no failure: `ready` ends so where something is missing.
define begin
@printf '\n$$ mcred %s | head -%s\n' '$(1)' '$(2)'
@.venv/bin/mcred $(1) >.venv/demo.txt || test $$? -eq 1
@head -n $(2) .venv/demo.txt
endef

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' Makefile

demo: run-environment ## set up, check the catalogue, show some of what mcred says of it
	$(call show,validate)
	$(call show,list level=3 title~forest --columns id$(comma)credits$(comma)stage$(comma)listing)
	$(call begin,due-reviews --format table --as-of 2026-11-22,26)
	$(call begin,show worked-example,33)
	$(call begin,ready planting-beside-streams,13)
	@rm -rf .venv/demo
	$(call show,render worked-example --format md --as-of 2026-11-22 --output .venv/demo)
	@printf '\n$$ head -34 .venv/demo/worked-example/listing.md\n'
	@head -n 34 .venv/demo/worked-example/listing.md
	$(call begin,explain MC102,14)

test: dev-environment ## the tests, but for the slow ones
	@$(PYTEST) -m "not slow and not packaging and not editor and not browser and not office" $(PYTEST_ARGS)

test-all: dev-environment test-programs ## every test, also those that build and install the project or need other programs
	@$(PYTEST) $(PYTEST_ARGS)

data-check: run-environment ## the observed records against the source data, where MCRED_SOURCE_DATA names its folder
	@.venv/bin/python -m tools.data_check

lint: dev-environment ## style, format, types, who imports whom
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy --strict src
	.venv/bin/lint-imports --no-logo

bench: run-environment ## how fast it is, in a few minutes
	@.venv/bin/python bench/run.py

bench-large: run-environment ## the same with 10,000 and 100,000 records, and the drawings in docs; takes hours
	@.venv/bin/python bench/run.py --sizes 100 1000 10000 100000 --plots docs

lock: dev-environment ## resolve pyproject.toml anew into requirements/*.txt
	@.venv/bin/python tools/lock.py

clean: ## take away the environment and everything made
	rm -rf .venv dist build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find src tests tools bench -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

run-environment:
	@tools/bootstrap run

dev-environment:
	@tools/bootstrap dev

test-programs: dev-environment
	@.venv/bin/python -m tools.programs
