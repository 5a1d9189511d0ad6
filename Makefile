.DEFAULT_GOAL := help
.PHONY: accuracy ask assess bench bench-batch bench-engines bench-web calibration clean complaints e2e evaluate help intake lint run screens setup test test-cluster test-slow transcripts

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
FASCICLE := $(BIN)/fascicle

help: ## print these targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

$(VENV)/run: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/dev: $(VENV)/run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

setup: $(VENV)/dev ## set up everything, for developers

run: $(VENV)/run ## set up, then open the pages in the browser
	@$(FASCICLE) serve

ask: $(VENV)/run ## the same interview in this terminal
	@$(FASCICLE) ask

assess: $(VENV)/run ## assess a case file: make assess CASE=path.yaml
	@test -n "$(CASE)" || { echo "Say which file: make assess CASE=path.yaml"; exit 2; }
	@$(FASCICLE) assess "$(CASE)"

test: $(VENV)/dev ## set up, then run the tests, all but the slow ones
	$(BIN)/python -m pytest -q -n auto -m "not slow"

test-slow: $(VENV)/dev ## run the slow tests: whole measuring runs and long lists of cases
	$(BIN)/python -m pytest -q -n auto --dist worksteal -m slow

$(VENV)/cluster: $(VENV)/dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[cluster]'
	@touch $@

test-cluster: $(VENV)/cluster ## the same answers under DuckDB, Dask and PySpark (installs them; PySpark needs Java)
	$(BIN)/python -m pytest -q -rs tests_cluster

$(VENV)/e2e: $(VENV)/dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[e2e]'
	@command -v chromium >/dev/null && command -v w3m >/dev/null || { apt-get update && apt-get install --yes --no-install-recommends chromium w3m; }
	@touch $@

e2e: $(VENV)/e2e ## the pages in a real browser (installs Debian's chromium and w3m when missing)
	$(BIN)/python -m pytest -q tests_e2e

screens: $(VENV)/e2e ## pictures of every page, phone and desk, light and dark, into the folder screens
	$(BIN)/python -m tests_e2e.screens screens

lint: $(VENV)/dev ## check style, types and the knowledge
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(FASCICLE) lint

evaluate: $(VENV)/run ## run the published cases, print how good the answers are, fail where they got worse
	@$(FASCICLE) evaluate vignettes --gate vignettes/baseline.json
	@$(BIN)/python vignettes/check_baseline.py

accuracy: $(VENV)/run ## measure everything and write docs/accuracy.md (minutes)
	@$(FASCICLE) evaluate vignettes --accuracy docs/accuracy.md

bench: $(VENV)/dev ## time loading, assessing and the whole command
	$(BIN)/python benchmarks/run.py

bench-web: $(VENV)/dev ## load the pages with wrk (installs it when missing) and write docs/web-benchmarks.md
	@command -v wrk >/dev/null || { apt-get update && apt-get install --yes --no-install-recommends wrk; }
	PYTHONPATH=. $(BIN)/python benchmarks/web.py

bench-batch: $(VENV)/dev ## time many cases at once
	$(BIN)/python benchmarks/batch.py

$(VENV)/peers: $(VENV)/dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[peers]'
	@touch $@

bench-engines: $(VENV)/peers ## time the engine beside named peers (installs them)
	$(BIN)/python benchmarks/engines.py

calibration: $(VENV)/dev ## the simulated part of accuracy with ten times the cases, and what syndromes are worth (minutes)
	$(BIN)/python benchmarks/calibration.py

transcripts: $(VENV)/run ## write the README transcripts afresh from real runs
	$(BIN)/python docs/write_transcripts.py

intake: $(VENV)/dev ## print how well free text is read, on the labelled sentences
	@$(BIN)/python -m tests.intake.measuring

complaints: $(VENV)/run ## write docs/complaints-*.md, what the model makes of complaints in one line
	$(BIN)/python docs/write_complaints.py

clean: ## remove the environment and caches
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
