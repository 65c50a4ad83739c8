# Each target works on a bare clone: it makes .venv by itself. `make run` and `make test` are the two that matter.
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell command -v python3.13 || command -v python3 || echo python3)
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
INTEGRATIONS ?= samples
NOT_INSTALLED = { echo "pip failed, see above. Check the network and the settings of pip, then run make again."; exit 1; }

.PHONY: run test test-all test-releases check bench docs parity format clean

# make run PORT=8780 ECHO_PORT=8781; without them the usual ports, or the next free ones
run: $(VENV)/.ready-run
	@$(BIN)/workbench serve $(INTEGRATIONS) --echo --open \
	  $(if $(PORT),--port $(PORT)) $(if $(ECHO_PORT),--echo-port $(ECHO_PORT))

# The second run tries ends of runs with what all systems have, in place of what Linux alone has (tests/system tries
# both in one run).
# Each of the processes that are started would otherwise compile everything again
test: export PYTHONDONTWRITEBYTECODE =
test: $(VENV)/.ready-dev
	@$(BIN)/python tests/browser/chromium.py
	@$(BIN)/python -m tests.history.postgresql
	@$(BIN)/python -m pytest --numprocesses auto --dist worksteal
	@WORKBENCH_PORTABLE=1 $(BIN)/python -m pytest --quiet -n0 -m portable tests/runner/test_endings.py

# The same with every example of every property and every step of every sweep
test-all: export TESTS = all
test-all: test

# With the oldest and the newest releases of the libraries that send HTTP, of the index of pip; SETS=oldest for one of them
test-releases: $(VENV)/.ready-dev
	@$(BIN)/python -m tests.releases.run $(SETS)

check: $(VENV)/.ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python tests/unused_code.py

bench: $(VENV)/.ready-dev
	$(BIN)/python -m benchmarks

docs: $(VENV)/.ready-dev
	$(BIN)/python -m docs.generate

parity: $(VENV)/.ready-dev
	$(BIN)/python tests/sdk/parity/run.py

format: $(VENV)/.ready-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) $(VENV)-oldest $(VENV)-middle $(VENV)-newest build dist

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 13))' || \
	  { echo "Python 3.13 or newer is needed; $(PYTHON) is not. Install it, or name it: make PYTHON=/path/to/python3.13"; exit 1; }
	@echo "Making $(VENV) ..."
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(VENV)/.ready-run: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "Installing what the workbench needs (about a minute) ..."
	@$(PIP) install --constraint constraints.txt --editable . || $(NOT_INSTALLED)
	@touch $@

$(VENV)/.ready-dev: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "Installing what the workbench and its tests need (a few minutes) ..."
	@$(PIP) install --constraint constraints.txt --editable '.[dev]' || $(NOT_INSTALLED)
	@touch $@ $(VENV)/.ready-run
