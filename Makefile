# make demo        lint the example deployment and show what aipplint says
# make test        everything that must hold: ruff, mypy, all tests but the next ones
# make test-tools  the tests in editors and shells, as far as these are installed; says which are missing
# make coverage    make test, and which branches of the code no test takes; fails when there are more than before
# make mutants     how many of COUNT=60 small mistakes in the code the tests notice, drawn by SEED=1; many minutes
# make bench       the speed and memory budgets, measured; with FIELD=FOLDER instead how long the work trees in that folder take,
#                  and what each mechanism of the readers is good for in them
# make fuzz        random inputs of every kind for SECONDS=60, or as many as are given; SEED=N repeats a run, ROUND=M one input
# make format      format the code
# make docs        write the generated pages of docs/ anew
# make cases       write what aipplint says now into tests/cases; read the difference before you commit it
#
# The first run makes a virtual environment in .venv; the next ones are quick.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --quiet --quiet --disable-pip-version-check
GENERATORS := hatch_build.py aipplint/syntax/generate.py aipplint/syntax/lalr.py aipplint/schema/generate.py aipplint/schema/spec.py
GENERATED_FROM := $(wildcard grammar/*.lark schemas/*.json)

.PHONY: demo test test-tools coverage mutants lint bench fuzz format docs cases clean

# Exit 1 says that there are findings, which is what the demo is about.
demo: .venv/installed
	@cd examples && echo '$$ aipplint check' && { ../$(BIN)/aipplint check || [ $$? -eq 1 ]; }

test: lint
	@$(BIN)/python -m pytest -m 'not tools' --numprocesses auto --dist loadfile

test-tools: .venv/developed .venv/generated
	@$(BIN)/python -m pytest -m tools tests/tools

coverage:
	@PYTEST_ADDOPTS=--cov $(MAKE) --silent test

mutants: .venv/mutants .venv/generated
	@nice $(BIN)/python -m tests.mutants $(if $(SEED),--seed $(SEED)) $(if $(COUNT),--count $(COUNT))

lint: .venv/developed .venv/generated
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy --no-error-summary

bench: .venv/developed .venv/generated
	@$(BIN)/python -m tests.benchmarks$(if $(FIELD),.trees $(FIELD) && $(BIN)/python -m tests.benchmarks.yields $(FIELD))

fuzz: .venv/developed .venv/generated
	@$(BIN)/python -m tests.fuzz --seconds $(or $(SECONDS),60) $(if $(SEED),--seed $(SEED)) $(if $(ROUND),--round $(ROUND))

format: .venv/developed
	@$(BIN)/ruff check --quiet --fix .
	@$(BIN)/ruff format --quiet .

docs: .venv/developed .venv/generated
	@$(BIN)/python -m tests.docs

cases: .venv/developed .venv/generated
	@$(BIN)/python -m pytest --quiet --update-cases tests/test_cases.py tests/test_ci.py tests/test_examples.py \
	  tests/test_formats.py tests/test_messages.py tests/test_projects.py tests/test_rule_pages.py

clean:
	@rm -rf .venv .bench .fuzz aipplint/_generated

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("aipplint needs Python 3.11 or later" if sys.version_info < (3, 11) else 0)'
	@echo "Setting up .venv (only the first time) ..." >&2
	@$(PYTHON) -m venv .venv

# An editable install: builds the generated modules too (hatch_build.py).
.venv/installed: pyproject.toml $(GENERATORS) $(GENERATED_FROM) | $(BIN)/python
	@$(PIP) install --editable .
	@touch $@

.venv/developed: pyproject.toml | $(BIN)/python
	@$(PIP) install --editable '.[dev]'
	@touch $@ .venv/installed

.venv/mutants: .venv/developed
	@$(PIP) install --editable '.[mutants]'
	@touch $@

# When a grammar or a schema has changed since.
.venv/generated: $(GENERATORS) $(GENERATED_FROM) .venv/developed
	@$(BIN)/python hatch_build.py
	@touch $@
