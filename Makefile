# Two commands are all one needs: make run, make test. They need Python 3.11 or newer and nothing else.

# The first Python that is new enough; the last word is for the message when none is.
PYTHON ?= $(or $(shell for name in python3 python3.13 python3.12 python3.11; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$name" && break; done),python3)
PY := .venv/bin/python
LOCK := $(PY) -m devstack.lock
SOURCES := portal partners customers subscriptions devstack tests manage.py
WORKERS ?= logical
ARGS ?=

# Compiled once, the five Python processes of a start need a third of the time.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test bench lint format lock lock-check manage shell messages logs clean run-env dev-env

help: ## This list
	@sed -n 's/^\([a-z-]*\):[^#]*## /  make \1\t/p' Makefile | expand -t 20

run: run-env ## Run the portal: PORT=8000, DATABASE_URL, REDIS_URL, EMAIL_URL (see .env.example)
	@exec $(PY) -m devstack run

test: dev-env ## All tests, on services of their own: ARGS="tests/partners -k accept" WORKERS=2
	@exec $(PY) -m devstack test pytest -n $(WORKERS) --maxprocesses=4 $(ARGS)

bench: dev-env ## What the list pages cost
	@exec $(PY) -m devstack test benchmarks.lists $(ARGS)

lint: dev-env lock-check ## Style of Python and templates, and the locks
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m djlint templates --lint --quiet

format: dev-env ## Put Python into shape
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .

lock: dev-env ## Resolve pyproject.toml into requirements/*.txt (ARGS=--upgrade)
	@$(LOCK) make $(ARGS)

lock-check: dev-env ## Do requirements/*.txt hold what pyproject.toml asks for? Works offline
	@$(LOCK) check

manage: run-env ## manage.py beside the running portal, or on its database: ARGS="migrate"
	@exec $(PY) -m devstack manage $(ARGS)

shell: run-env ## A Python shell of the portal
	@exec $(PY) -m devstack manage shell

messages: dev-env ## Collect the texts into locale/*/LC_MESSAGES/django.po and compile them
	@$(PY) -m devstack.messages

logs: ## Follow what the running portal writes
	@tail -n 20 -F var/run/log/*.log

clean: ## Remove everything that was made: the environment, databases, mails, logs
	@$(PYTHON) devstack/clean.py

run-env:
	@$(PYTHON) devstack/install.py run

dev-env:
	@$(PYTHON) devstack/install.py dev
