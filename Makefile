# Paths are relative throughout, so that a folder with blanks in its name works.
SHELL := /bin/sh
PY := .venv/bin/python
LOCAL := $(PY) -m vimagetrack.local
.DEFAULT_GOAL := help
.PHONY: help run install install-dev test test-long coverage browser shots bench fuzz lint fmt clean

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

run: install ## install what is needed, start everything on http://127.0.0.1:8000/ (PORT=...), Ctrl-C stops it
	@$(LOCAL) run --end-with-parent

test: install-dev ## lint, types, migrations, tests on a database of their own; 5 minutes
	@$(LOCAL) exec --temporary --end-with-parent -- $(PY) -m vimagetrack.local.checks

test-long: install-dev ## the tests that take long, too
	@$(LOCAL) exec --temporary --end-with-parent -- $(PY) -m pytest -n 2 --dist loadfile -m ""
	@$(MAKE) --no-print-directory coverage

coverage: install-dev ## that the kernel's own fast tests reach every line and branch of it
	@$(PY) -m coverage run -m pytest tests/engine/null -q -m "not long" && $(PY) -m coverage report --fail-under=100

browser: ## install Chromium from the system's packages where it is missing
	@if found=$$(command -v chromium || command -v chromium-browser || command -v google-chrome); then \
		echo "Chromium is here: $$found. Nothing was installed."; \
	elif ! command -v apt-get >/dev/null; then \
		echo "There is no Chromium and no apt-get here: install Chromium by hand, so that it is in the PATH." >&2; exit 1; \
	elif [ "$$(id -u)" -ne 0 ]; then \
		echo "There is no Chromium here: run 'sudo make browser', or 'apt-get install chromium' as root." >&2; exit 1; \
	else \
		echo "There is no Chromium here; it is installed from the system's packages."; \
		apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium && \
		echo "Chromium was installed: $$(command -v chromium)."; \
	fi

shots: install-dev ## write screenshots of every page to docs/screenshots/
	@$(LOCAL) exec --temporary --end-with-parent -- $(PY) -m vimagetrack.local.shots

bench: install-dev ## measure the engine: splits, their memory, parsing beside others, growth a shape
	@$(PY) -m vimagetrack.local.bench && $(PY) -m tests.bench.bench_parse && $(PY) -m tests.bench.bench_growth
	@$(PY) -m tests.bench.bench_split

fuzz: install-dev ## fuzz parse, lex and kernel, 10 minutes each (needs atheris: tests/fuzz/README.md)
	@$(PY) -m tests.fuzz

lint: install-dev ## what reads the code without running it
	@$(PY) -m ruff check . && $(PY) -m ruff format --check . && $(PY) -m mypy

fmt: install-dev ## format the code and mend what can be mended
	@$(PY) -m ruff check --fix-only --quiet . ; $(PY) -m ruff format .

clean: ## remove caches; .venv and the data folder stay
	@find . -path ./.venv -prune -o -path ./var -prune -o -name __pycache__ -type d -print0 | xargs -0 rm -rf
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis build staticfiles .coverage

install: .venv/stamp-run ## install what runs it into .venv

install-dev: .venv/stamp-dev ## install what checks it, too

.venv/bin/python:
	@python=""; for each in $${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do \
		if "$$each" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$$each; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
		echo "Python 3.11 or newer is needed: install it, or name it as in 'make run PYTHON=/path/to/python3.12'." >&2; exit 1; \
	fi; \
	echo "Making .venv with $$($$python --version)."; rm -rf .venv; \
	"$$python" -m venv .venv || { rm -rf .venv; \
		echo "Python's venv module is not whole: on Debian and Ubuntu, 'apt-get install python3-venv' mends that." >&2; exit 1; }

.venv/stamp-run: requirements.txt | .venv/bin/python
	@echo "Installing what requirements.txt pins (once; about 60 distributions)."
	@$(PY) -m pip install -qq --disable-pip-version-check --no-input -r requirements.txt
	@touch $@

.venv/stamp-dev: requirements-dev.txt .venv/stamp-run
	@echo "Installing what requirements-dev.txt pins (once)."
	@$(PY) -m pip install -qq --disable-pip-version-check --no-input -r requirements-dev.txt
	@touch $@
