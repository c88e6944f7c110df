# `make run` and `make test` need Python 3.11, git and make; everything else they fetch and start themselves.
.DEFAULT_GOAL := help
.PHONY: help run test check fix demo bench assets venv venv-dev
PYTHON := .venv/bin/python

help: ## these lines
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' $(MAKEFILE_LIST) | expand -t 20

run: venv ## the product with a demo workspace, until Ctrl-C (PORT=8000)
	@exec $(PYTHON) -m leadmgmt.local

test: venv-dev ## all tests, on PostgreSQL and Redis of their own
	@$(PYTHON) -m leadmgmt.local.assets --for-tests
	$(PYTHON) -m pytest -n auto --maxprocesses 8 $(ARGS)

check: venv-dev ## everything CI runs
	@$(PYTHON) -m leadmgmt.local.assets --for-tests
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m ruff check .
	$(PYTHON) -m mypy
	.venv/bin/lint-imports
	.venv/bin/djlint --lint --quiet templates
	$(PYTHON) -m pytest -n auto --maxprocesses 8 $(ARGS)

fix: venv-dev ## format, and fix what can be fixed
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

demo: venv ## one more demo workspace
	$(PYTHON) -m leadmgmt.local with $(PYTHON) manage.py demo --again

bench: venv-dev ## measure against the goals (SIZE=100k, GOALS=G1,G5)
	@LOCAL_DIR=.local/bench $(PYTHON) -m leadmgmt.local with $(PYTHON) -m benchmarks

assets: venv ## fetch what browsers need
	$(PYTHON) -m leadmgmt.local.assets

venv:
	@scripts/venv runtime

venv-dev:
	@scripts/venv dev
