# Everything a person does with Gantry's sources. Needs Python 3.11 or newer and make; nothing is installed outside .venv.
.DEFAULT_GOAL := help
.PHONY: help demo test campaign browser bench check format messages lock clean \
	environment-demo environment-dev environment-browser

# The first of these that runs and is new enough; set PYTHON to choose another.
ifndef PYTHON
PYTHON := $(shell for python in python3.13 python3.12 python3.11 python3; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$python" && break; done)
endif
# How many tests run at once: a number, or auto for one per core.
WORKERS ?= auto
export GANTRY_VENV ?= .venv
BIN := $(GANTRY_VENV)/bin

help: ## Show what can be done here
	@echo "make demo       try the whole bot in a browser: no account, no token"
	@echo "make test       run the tests (WORKERS=n for n at once, TESTS='tests/house -k name' for some of them)"
	@echo "make campaign   kill it, cut its lines, turn its clock, many times over (ROW=2 COUNT=500 SEED=1 WORKERS=2): docs/campaign.md"
	@echo "make browser    run the tests of the demo's page in a real browser; needs Chromium"
	@echo "make bench      measure against floors (BENCH=wire, reads, impact, due, process or first_chart for one, BENCH_ARGS='--rounds 3' for it)"
	@echo "make check      style, types, floors, dependencies, catalogues: everything CI checks besides the tests"
	@echo "make format     put the sources into the house style"
	@echo "make messages   update the message catalogues (LANGUAGE=ru begins a new one)"
	@echo "make lock       pin every dependency anew after pyproject.toml changed (UPGRADE=1 takes newer ones); needs uv"
	@echo "make clean      remove .venv and everything else that is not a source"

demo: environment-demo
	@$(BIN)/python -m demo $(DEMO_ARGS)

test: environment-dev
	@$(BIN)/python -m pytest -n $(WORKERS) $(TESTS)

# ROW: one row or several; all without it. The log of each run that found something is kept.
campaign: environment-dev
	@$(BIN)/python -m tests.campaign $(foreach row,$(ROW),--row $(row)) --count $(or $(COUNT),20) --seed $(or $(SEED),1) \
		$(if $(AGAIN),--again $(AGAIN)) $(if $(filter-out auto,$(WORKERS)),--workers $(WORKERS)) --logs build/campaign

browser: environment-browser
	$(BIN)/mypy tests/browser/*.py
	$(BIN)/python -m pytest tests/browser

bench: environment-dev
	@for name in $(or $(BENCH),wire reads impact due process first_chart); do $(BIN)/python -m benchmarks.$$name $(BENCH_ARGS) || exit 1; done

check: environment-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --cache-dir .import_linter_cache
	$(BIN)/deptry .
	$(BIN)/python tools/messages.py check

format: environment-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

messages: environment-dev
	$(BIN)/python tools/messages.py update $(if $(LANGUAGE),--add $(LANGUAGE))

# The largest is resolved first and holds everything; the others are cut from it, so that no package has two versions.
COMPILE = uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command "make lock"
lock:
	@command -v uv >/dev/null || { echo "make: 'make lock' needs uv (pip install uv)"; exit 1; }
	$(COMPILE) $(if $(UPGRADE),--upgrade) --extra demo --group build --group dev --group browser \
		-o requirements/browser.txt
	$(COMPILE) --constraint requirements/browser.txt --extra demo --group build --group dev -o requirements/dev.txt
	$(COMPILE) --constraint requirements/browser.txt -o requirements/run.txt
	$(COMPILE) --constraint requirements/browser.txt --extra demo -o requirements/demo.txt
	$(COMPILE:pyproject.toml=) --constraint requirements/browser.txt --group build -o requirements/build.txt

clean:
	rm -rf $(GANTRY_VENV) build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -path ./.git -prune -o \( -name __pycache__ -o -name '*.egg-info' \) -type d -prune -exec rm -rf {} +
	find locales -name '*.mo' -delete

environment-demo environment-dev environment-browser: environment-%:
	@test -n "$(PYTHON)" || { echo "make: Gantry needs Python 3.11 or newer, and none was found."; \
		echo "      Install one, or name it: make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "make: $(PYTHON) is older than Python 3.11, which Gantry needs."; exit 1; }
	@$(PYTHON) tools/environment.py $*
