# A thin face over dev.py, which does the work (and runs where there is no make).
# Options: make serve ARGS="--port 8080"; make soak NIGHTS=100000
PYTHON ?= python3
ARGS ?=

.PHONY: run serve test soak kills mutants fuzz check bench audit package format lock setup
run serve test soak kills mutants fuzz check bench audit package format lock setup:
	@$(PYTHON) dev.py $@ $(ARGS)
