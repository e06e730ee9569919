# Needs python3 (3.11 or newer) with pip, and make; everything else goes into .venv, pinned by requirements.lock.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$p"; break; }; done)
BIN := .venv/bin
READY := .venv/.ready
ARGS ?=

.PHONY: help demo test check bench lock differential laws mutants clean

help: ## What can be made
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST)

demo: $(READY) ## Build the example group, show what is overdue, delete it, explain one person
	$(BIN)/ombud demo $(ARGS)

test: $(READY) ## Run the tests; those that need a missing server skip with the reason
	$(BIN)/python -m pytest -n auto $(ARGS)

check: $(READY) ## Style, types, import contracts, dead code
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/vulture

bench: $(READY) ## Measure
	$(BIN)/python -m bench $(ARGS)

differential: $(READY) ## Compare the compiled plan with the oracle on generated cases
	$(BIN)/python -m tests.differential $(ARGS)

laws: $(READY) ## Hold the laws of the whole against generated worlds
	$(BIN)/python -m tests.claims $(ARGS)

mutants: $(READY) ## Break the core in small ways and count what the tests notice
	$(BIN)/python -m tests.mutants $(ARGS)

lock: ## Pin every dependency with hashes, naming no host
	@test -x $(BIN)/uv || $(MAKE) $(READY)
	$(BIN)/uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links --no-header --no-annotate --quiet --output-file requirements.lock

clean: ## Remove what was made
	rm -rf .venv build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

$(READY): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "ombud needs Python 3.11 or newer; found only $$(python3 --version 2>&1)." \
		"Install one, or name it: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@echo "Setting up .venv with $$($(PYTHON) --version) (once) …"
	@test -x $(BIN)/python || $(PYTHON) -m venv --clear --without-pip .venv
	@$(PYTHON) -m pip --python .venv/bin/python install -qq --no-compile --require-hashes --requirement requirements.lock
	@$(PYTHON) -m pip --python .venv/bin/python install -qq --no-deps --no-build-isolation --editable .
	@touch $@
