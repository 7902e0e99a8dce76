# Commonhall. `make` alone lists what there is.
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -ec
.DEFAULT_GOAL := help
.PHONY: help demo test check fix bench lock wheel clean run-tools all-tools assets chromium dovecot unit postgresql journeys

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
PY := $(VENV)/bin/python
DEMO := var/demo
REPORTS := var/reports
WORKERS ?= 2
export PIP_DISABLE_PIP_VERSION_CHECK := 1

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: run-tools assets ## set up, load the demo region and serve it at http://localhost:8000 (PORT=8080 for another port)
	@export COMMONHALL_DATA=$(DEMO); mkdir -p $(DEMO); \
	[ -e $(DEMO)/accounts.json ] || { echo "Demo region: loading …"; $(PY) -m commonhall demo; }; \
	exec $(PY) -m commonhall up --port $(PORT)

test: check chromium dovecot ## everything: checks, unit tests on SQLite and on PostgreSQL, journeys in a browser
	@rm -rf $(REPORTS)
	@$(MAKE) --no-print-directory unit
	@$(MAKE) --no-print-directory postgresql
	@$(MAKE) --no-print-directory journeys
	@$(PY) tests/closing.py $(REPORTS)

unit: all-tools assets dovecot
	@echo "== Tests on SQLite"
	@$(PY) -m pytest tests -m "not journey" -n $(WORKERS) --dist loadfile --junitxml $(REPORTS)/sqlite.xml

postgresql: all-tools assets dovecot
	@echo "== Tests on PostgreSQL"
	@TEST_ENGINE=postgresql $(PY) -m pytest tests -m "not journey" -n $(WORKERS) --dist loadfile \
		--ignore tests/pairing --ignore tests/house --ignore tests/ui --junitxml $(REPORTS)/postgresql.xml

journeys: all-tools assets chromium
	@echo "== Journeys in a browser"
	@$(PY) -m pytest tests -m journey -n $(WORKERS) --dist loadfile --junitxml $(REPORTS)/journeys.xml

check: all-tools ## format, lint, types, floors, migrations, dependencies
	@echo "== Format and lint"; $(VENV)/bin/ruff format --check --quiet .; $(VENV)/bin/ruff check --quiet .
	@echo "== Types"; $(VENV)/bin/mypy
	@echo "== Floors"; $(VENV)/bin/lint-imports --no-logo >var/floors.txt || { cat var/floors.txt; exit 1; }
	@echo "== Migrations"; DJANGO_SETTINGS_MODULE=tests.settings $(PY) -m django makemigrations --check --dry-run
	@echo "== Dependencies"; $(VENV)/bin/deptry src --no-ansi 2>var/deptry.txt || { cat var/deptry.txt; exit 1; }
	@echo "== Unused code"; $(VENV)/bin/vulture

fix: all-tools ## format and repair what can be repaired
	@$(VENV)/bin/ruff format .
	@$(VENV)/bin/ruff check --fix .

bench: all-tools assets ## measure, side by side with peers
	@$(PY) -m bench

wheel: all-tools ## build the wheel into dist/
	@$(PY) -m build --no-isolation --wheel --outdir dist .

lock: ## pin every dependency again
	@for kind in "requirements.lock --group build" "requirements-dev.lock --group dev -c requirements.lock"; do \
		set -- $$kind; out=$$1; shift; \
		$(VENV)/bin/uv pip compile pyproject.toml "$$@" --universal --python-version 3.11 --generate-hashes \
			--no-emit-index-url --no-annotate --quiet --custom-compile-command "make lock" --output-file $$out; done

clean: ## remove what was built, but neither data nor the virtual environment
	@rm -rf dist src/commonhall/ui/static assets/node_modules .mypy_cache .ruff_cache $(REPORTS)

# The virtual environment is brought up to date when a lock file changed: the stamp carries its hash.
run-tools:
	@$(call install,requirements.lock)

all-tools:
	@$(call install,requirements-dev.lock)

assets: run-tools
	@$(PY) assets/build.py 2>&1 | sed '/up to date/d'

chromium:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || { \
		$(call debian,chromium,The journeys need a browser); }

dovecot:
	@PATH=$$PATH:/usr/sbin; command -v dovecot >/dev/null || { \
		$(call debian,dovecot-imapd,The tests of the mailbox need an IMAP server); }

# Installed where we may, without starting a service; else said by name.
define debian
[ "$$(id -u)" = 0 ] || { echo "$(2): install the package $(1)." >&2; exit 1; }; \
echo "Debian: installing $(1) …"; \
export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1; \
apt-get update -qq && apt-get install -qq --no-install-recommends $(1) >var/apt.txt 2>&1 \
	|| { tail -20 var/apt.txt; exit 1; }
endef

define install
mkdir -p var; \
key=$$(cat $(1) pyproject.toml | sha256sum | cut -c1-16); \
dev=$$(cat requirements-dev.lock pyproject.toml | sha256sum | cut -c1-16); \
if [ ! -e $(VENV)/requirements-dev.lock.$$dev ] && [ ! -e $(VENV)/$(1).$$key ]; then \
	[ -x $(PY) ] || { echo "Python: making a virtual environment …"; $(PYTHON) -m venv $(VENV); }; \
	echo "Python: installing packages …"; \
	$(PY) -m pip install --progress-bar off --require-hashes -r $(1) 2>&1 | tee var/pip.txt \
		| awk '/^Collecting/ { n++; if (n % 10 == 0) { printf "  %d packages found …\n", n; fflush() } } \
			/^Installing/ { print "  installing them …"; fflush() } /^ERROR/' \
		|| { tail -5 var/pip.txt; exit 1; }; \
	$(PY) -m pip install --quiet --no-deps --no-build-isolation --editable . >>var/pip.txt 2>&1 \
		|| { tail -5 var/pip.txt; exit 1; }; \
	rm -f $(VENV)/requirements*.lock.*; touch $(VENV)/$(1).$$key; fi
endef
