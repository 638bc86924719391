# Everything runs in one environment, made from the lock file. Another place: make test VENV=/tmp/venv
PYTHON ?= python3
VENV ?= .venv
FOLDER ?= examples/wild-rydes
REQUESTS ?= 1000000
PEERS ?=
COMPILED ?= build/compiled
RUN := $(VENV)/bin
PIP := $(RUN)/python -m pip --quiet --disable-pip-version-check
READY := $(VENV)/ready

.PHONY: compiled dist wheel demo test test-compiled lint bench bench-bindings bench-cache bench-flows bench-growth bench-page docs promise prove lock

# The example's faults are planted (examples/wild-rydes/README.md), so finding them (exit 1) is success.
demo: $(READY)
	@$(RUN)/checkrein scan examples/wild-rydes; test $$? -eq 1

test: $(READY)
	$(RUN)/pytest -q -n 2

lint: $(READY)
	$(RUN)/ruff check
	$(RUN)/ruff format --check
	$(RUN)/mypy
	$(RUN)/lint-imports

# The manual as a site in build/manual, which needs no network: what people wrote, and a page for
# each check, command, framework and part of the model, from the code.
docs: $(READY)
	@$(RUN)/python -m tools.manual

# checkrein as machine code, in an environment of its own (a C compiler, some minutes); whatever
# stands here runs there too: make bench-flows VENV=build/compiled
compiled: wheel
	$(MAKE) $(COMPILED)/ready VENV=$(COMPILED)
	$(COMPILED)/bin/python -m pip --quiet install --no-deps --force-reinstall build/wheel/*.whl

wheel: $(READY)
	rm -rf build/wheel
	CHECKREIN_COMPILE=1 $(RUN)/python -m hatchling build --target wheel --directory build/wheel

# What is published, in build/dist: the wheel of this machine's kind, and the one for all others.
dist: wheel
	rm -rf build/dist
	$(RUN)/python -m hatchling build --target wheel --directory build/dist
	cp build/wheel/*.whl build/dist
	$(RUN)/python tools/prove_dist.py build/dist $(FOLDER)

test-compiled: compiled
	$(COMPILED)/bin/pytest -q -n 2 -o pythonpath=.

bench-growth: $(READY)
	$(RUN)/python benchmarks/growth.py

# The size of the HTML report, and how soon a browser answers.
bench-page: $(READY)
	$(RUN)/python -m benchmarks.page

# Of the SDK calls that address a resource of the application, those whose resource is known.
bench-bindings: $(READY)
	$(RUN)/python benchmarks/bindings.py $(FOLDER)

bench-cache: $(READY)
	$(RUN)/python benchmarks/cache.py $(FOLDER)

# PEERS is a folder of Semgrep's rules; Semgrep and Bandit are taken from PATH.
bench-flows: $(READY)
	$(RUN)/python benchmarks/flows.py $(FOLDER) $(if $(PEERS),--peers $(PEERS))

bench: $(READY)
	$(RUN)/python benchmarks/bench.py $(FOLDER)
	$(RUN)/python benchmarks/decisions.py

# Every mutation of the example applications: what changes access must be told, nothing else may be.
promise: $(READY)
	$(RUN)/python -m tests.promise.measure

# The policy engine against a slow, literal reading of AWS's rules: a million requests, some minutes.
prove: $(READY)
	$(RUN)/python tests/iam/prove.py --requests $(REQUESTS)

# Needs an index of packages; everything else needs only the lock.
lock:
	$(PYTHON) -m venv build/lock
	build/lock/bin/pip install --quiet pip-tools
	build/lock/bin/pip-compile --quiet --extra dev --generate-hashes --strip-extras --allow-unsafe --no-header \
	  --no-emit-index-url --no-emit-find-links --no-emit-trusted-host -o requirements.lock pyproject.toml

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("checkrein needs Python 3.11 or later: make PYTHON=python3.11" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@
