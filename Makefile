# `make bulletin` and `make test` do all the set-up they need; Python 3.10+, make and git suffice.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
SEED   ?= seeds/huajie-2021.txt
PLAIN  ?=
TESTS  ?=
# One worker a processor; each may hold a voice of half a gigabyte, so never more than four.
SPREAD ?= -n auto --maxprocesses 4 --dist loadfile

.PHONY: help install bulletin test lint format golden learn bench clean
.DEFAULT_GOAL := help

help:            ## this list
	@grep -hE '^[a-z]+: .*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

bulletin: $(VENV)/.installed   ## seeds/huajie-2021.txt into output/huajie-2021/ (SEED=… for another)
	$(BIN)/bobao produce $(SEED) $(PLAIN)

test: $(VENV)/.installed-dev   ## the whole test suite
	$(BIN)/pytest $(SPREAD) $(TESTS)

lint: $(VENV)/.installed-dev   ## ruff and mypy --strict
	$(BIN)/ruff check bobao tests
	$(BIN)/ruff format --check bobao tests
	$(BIN)/mypy

format: $(VENV)/.installed-dev ## let ruff lay out and mend what it can
	$(BIN)/ruff check --fix bobao tests
	$(BIN)/ruff format bobao tests

golden: $(VENV)/.installed-dev ## rewrite the golden files; then read the difference
	$(BIN)/pytest --rewrite-golden

learn: $(VENV)/.installed-dev  ## learn again what the lines of a document are (reading/data/weights.tsv)
	$(BIN)/python tests/learn/learn.py --held
	$(BIN)/python tests/learn/learn.py

bench: $(VENV)/.installed-dev  ## speed and memory, as ratios against stated baselines
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[bench]' 2>/dev/null || \
	  echo "the peers of the extra “bench” cannot be installed here; going on without"
	$(BIN)/python tests/bench/run.py

install: $(VENV)/.installed    ## only the tool, in .venv/

clean:           ## all that can be made again, but the finished bulletins
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis audio/takes

# A bare Debian python3 can make an environment but has no pip to put into it: then pip's own wheel
# is taken from PyPI, its digest checked, and told to install itself.
define FETCH_PIP
import hashlib, json, pathlib, sys, urllib.parse, urllib.request
release = json.load(urllib.request.urlopen("https://pypi.org/pypi/pip/json", timeout=60))
wheel = next(u for u in release["urls"] if u["packagetype"] == "bdist_wheel")
url = urllib.parse.urljoin("https://pypi.org/simple/pip/", wheel["url"])
data = urllib.request.urlopen(url, timeout=60).read()
assert hashlib.sha256(data).hexdigest() == wheel["digests"]["sha256"], "pip arrived damaged"
pathlib.Path(sys.argv[1], wheel["filename"]).write_bytes(data)
endef
export FETCH_PIP

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("bobao needs Python 3.10 or newer; try: make PYTHON=python3.12" if sys.version_info < (3, 10) else 0)'
	$(PYTHON) -m venv $(VENV) 2>/dev/null || { \
	  rm -rf $(VENV) && $(PYTHON) -m venv --without-pip $(VENV) && \
	  $(PYTHON) -c "$$FETCH_PIP" $(VENV) && \
	  PYTHONPATH=$$(echo $(VENV)/pip-*.whl) $(BIN)/python -m pip install --quiet --no-index $(VENV)/pip-*.whl; } || \
	{ rm -rf $(VENV); echo "cannot make $(VENV); on Debian: sudo apt-get install python3-venv"; exit 1; }

$(VENV)/.installed: pyproject.toml | $(VENV)/bin/python
	@echo "fetching bobao's packages from PyPI into $(VENV)/: about 250 MB, 0.6 GB unpacked"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	touch $@

$(VENV)/.installed-dev: pyproject.toml | $(VENV)/bin/python
	@echo "fetching what the tests need from PyPI into $(VENV)/: 1.1 GB unpacked with bobao's own"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	touch $@ $(VENV)/.installed
