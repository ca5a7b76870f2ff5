# make app    install into .venv and serve http://localhost:7000
# make test   install what the tests need, check, and run them all
# make check  format, lint and types
# make fix    what the linter can mend by itself
# make check-js  the same for the viewer's JavaScript and CSS; needs npm

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SOURCES := panoseg tests tools benchmarks streamlit_app.py

.PHONY: app test check check-js fix clean

app: $(VENV)/app.installed
	$(BIN)/panoseg app

test: check
	tools/install_chromium.sh
	$(BIN)/python -m pytest

check: $(VENV)/dev.installed
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/mypy

check-js:
	npx --yes @biomejs/biome@2.6.8 check

fix: $(VENV)/dev.installed
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/ruff check --fix $(SOURCES)

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/app.installed: $(VENV)/bin/python requirements.txt pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check --requirement requirements.txt --editable .
	$(BIN)/python -c "from panoseg.merging import warm_up; warm_up()"
	@touch $@

$(VENV)/dev.installed: $(VENV)/app.installed requirements-dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --requirement requirements-dev.txt
	@touch $@

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis tests/screenshots
