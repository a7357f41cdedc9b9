# The commands of a newcomer and of CI.
.PHONY: install demo test check bench docs clean

PYTHON ?= python3
BIN := .venv/bin
DEMO_DIR ?= demo-data
PORT ?= 8080
SCALE ?= 0.1m 1m

install: .venv/installed

.venv/installed: requirements.lock pyproject.toml scripts/install
	scripts/install $(PYTHON)
	@touch $@

demo: install  ## a simulated organisation, served
	$(BIN)/callboard demo --port $(PORT) --data-dir $(DEMO_DIR)

test: install check  ## what CI runs
	$(BIN)/pytest

check: install
	scripts/check

bench: install  ## writes a table of figures; see docs/benchmarks.md
	scripts/bench --scale $(SCALE) --write docs/benchmarks.md

docs: install  ## makes docs/reference from the registry and the tables
	$(BIN)/python -m callboard.reference docs/reference

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist
