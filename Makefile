# A thin face over dev.py, which does the work (and runs where there is no make).
# Options: make serve ARGS="--port 8080"
PYTHON ?= python3
ARGS ?=

.PHONY: run serve test check bench audit format lock setup
run serve test check bench audit format lock setup:
	@$(PYTHON) dev.py $@ $(ARGS)
