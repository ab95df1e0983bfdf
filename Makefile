# Everything a person does with this repository, one target each. `make help` lists them.
# Two scratch paths, because switching one between dynamic and static linking rebuilds everything.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

static_scratch := .build/static
binary := $(static_scratch)/release/tallygate
simulator := $(static_scratch)/release/simulate
venv := .venv
pytest := $(venv)/bin/python -m pytest
pages := README.md CONTRIBUTING.md CHANGELOG.md SECURITY.md docs k8s

# Further flags for `make run`, and a choice of tests for `make integration`.
ARGS ?=
CORE_ARGS ?=
TESTS ?= Tests/IntegrationTests
CONFIG ?= config/tallygate.yaml
STATE ?= .tallygate/state

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: build ## build and start the sidecar in the foreground (flags: ARGS="--log.level debug")
	@mkdir -p $(STATE)
	@exec $(binary) run --config $(CONFIG) --state.dir $(STATE) $(ARGS)

.PHONY: build
build: build-parts ## one static release binary: .build/static/release/tallygate
	@swift build --configuration release --product tallygate --scratch-path $(static_scratch) \
	  --static-swift-stdlib -Xswiftc -static-executable

.PHONY: image
image: build test-parts ## a container image as an OCI layout, without a container engine: build/image
	@/usr/bin/python3 scripts/release/image.py --binary $(binary) --output build/image

.PHONY: release
release: export SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct)
release: build test-parts ## binary, image, bill of materials and checksums: build/release
	@/usr/bin/python3 scripts/release --binary $(binary) --output build/release

# The binary is built first, so that the closing lines of both runners stand last and together.
.PHONY: simulate
simulate: build-parts ## random lives of the budget core, histories, sums and windows, all checked (choose: SEEDS=0..999999 HISTORIES=… ADDITIONS=… CASES=…)
	@swift build --configuration release --product simulate --scratch-path $(static_scratch) \
	  --static-swift-stdlib -Xswiftc -static-executable
	@$(simulator) lives --seeds $(or $(SEEDS),0..9999)
	@cmp <($(simulator) lives --seeds 0..99 --verbose) <($(simulator) lives --seeds 0..99 --verbose)
	@$(simulator) histories --count $(or $(HISTORIES),2000)
	@$(simulator) sums --additions $(or $(ADDITIONS),100000000)
	@$(simulator) windows --cases $(or $(CASES),1000000)

.PHONY: test
test: test-parts lint build simulate instructions unit integration ## everything CI runs: lint, unit tests, the binary, the binary among real parts

.PHONY: unit
unit: build-parts ## unit tests alone, in Swift Testing (choose: swift test --filter BudgetCoreTests)
	@swift test --disable-xctest

.PHONY: integration
integration: test-parts build $(venv)/.installed $(venv)/.checkov $(venv)/.clients ## the static binary among real parts (choose: TESTS=Tests/IntegrationTests/test_stdin.py)
	@TALLYGATE=$(abspath $(binary)) $(pytest) $(TESTS)

.PHONY: crash
crash: test-parts build $(venv)/.installed ## kill -9 at random moments; nothing acknowledged is lost or doubled (choose: ROUNDS=1000 SEED=7)
	@TALLYGATE=$(abspath $(binary)) $(venv)/bin/python scripts/crash_rounds.py --rounds $(or $(ROUNDS),1000) --seed $(or $(SEED),1)

.PHONY: openapi
openapi: test-parts build $(venv)/.installed ## schemathesis against the control listener, as agent and as operator (longer: OPENAPI_SECONDS=600)
	@TALLYGATE=$(abspath $(binary)) OPENAPI_SECONDS=$(or $(OPENAPI_SECONDS),120) $(pytest) Tests/IntegrationTests/test_openapi.py

.PHONY: attack
attack: test-parts build $(venv)/.installed ## every attack at once, for a minute: memory and decisions hold (longer: ATTACK_SECONDS=300)
	@TALLYGATE=$(abspath $(binary)) $(venv)/bin/python scripts/attack.py --seconds $(or $(ATTACK_SECONDS),60)

.PHONY: coverage
coverage: build-parts ## what share of the budget core the unit tests run, by file; fails below 95 % of its lines
	@scripts/coverage.sh 95

# C programs that send, receive and ask; the references that the sidecar is compared with among them.
bench_tools := $(addprefix .build/tools/,load sink ask answer copy)

.build/tools/%: Benchmarks/Tools/%.c Benchmarks/Tools/workload.c Benchmarks/Tools/workload.h
	@mkdir -p $(@D)
	@cc -O2 -Wall -Wextra -Werror -o $@ $< Benchmarks/Tools/workload.c -pthread -lz

.PHONY: bench-parts
bench-parts: test-parts build $(bench_tools)
	@for product in corebench hotpath; do \
	  swift build --configuration release --product $$product --scratch-path $(static_scratch) \
	    --static-swift-stdlib -Xswiftc -static-executable; \
	done

.PHONY: bench
bench: bench-parts ## what the sidecar costs, in one table beside references (quick look: ARGS=--quick; a part: ARGS="--only lines")
	@python3 Benchmarks/run.py --binary $(binary) $(ARGS)

.PHONY: bench-growth
bench-growth: bench-parts ## how the cost grows with series, tags, budgets, accounts, connections: docs/growth.svg
	@python3 Benchmarks/growth.py --binary $(binary) $(ARGS)

.PHONY: bench-core
bench-core: build-parts ## what the budget core costs by itself: holds a second, bytes an account (CORE_ARGS="--output json")
	@swift build --configuration release --product corebench --scratch-path $(static_scratch) \
	  --static-swift-stdlib -Xswiftc -static-executable
	@$(static_scratch)/release/corebench $(CORE_ARGS)

.PHONY: bench-state
bench-state: build $(bench_tools) ## what keeping the state costs, paired with a sidecar that keeps none (quick look: ARGS=--quick)
	@python3 Benchmarks/state.py --binary $(binary) $(ARGS)

# Some slack above what was measured: a compiler's mood is no regression.
.PHONY: instructions
instructions: test-parts ## what a usage line and a decision take in instructions, counted by valgrind; fails above a bound
	@swift build --configuration release --product hotpath --scratch-path $(static_scratch) \
	  --static-swift-stdlib -Xswiftc -static-executable
	@python3 Benchmarks/instructions.py --program $(static_scratch)/release/hotpath --most 660 --most-pair 6700

.PHONY: order
order: bench-parts ## notes anew which functions a sidecar runs, for the linker to put them together: Sources/tallygate/functions.order
	@python3 Benchmarks/order.py --binary $(binary)
	@rm -f $(binary) # the list is no source of the build's: only a binary that is missing is linked anew

.PHONY: fuzz
fuzz: build-parts ## look for crashing input with libFuzzer for a minute each (longer: FUZZ_SECONDS=600)
	@scripts/fuzz.sh lines $(or $(FUZZ_SECONDS),60)
	@scripts/fuzz.sh objects $(or $(FUZZ_SECONDS),60)
	@scripts/fuzz.sh snapshots $(or $(FUZZ_SECONDS),60)
	@scripts/fuzz.sh journals $(or $(FUZZ_SECONDS),60)

.PHONY: dashboards
dashboards: build ## write the shipped Prometheus rules and Grafana dashboards anew
	@$(binary) rules > dashboards/prometheus/tallygate.rules.yaml
	@/usr/bin/python3 scripts/dashboards

.PHONY: lint
lint: ## fail on layout that `make format` would change and on dead links in the docs
	@swift format lint --strict --parallel --recursive Package.swift Sources Tests Benchmarks
	@scripts/check-links.sh $(pages)

.PHONY: format
format: ## lay out every Swift file
	@swift format --in-place --parallel --recursive Package.swift Sources Tests Benchmarks

.PHONY: clean
clean: ## remove what building and testing made; the sidecar's state stays
	@rm -rf .build $(venv)

.PHONY: build-parts test-parts
build-parts:
	@scripts/install-dependencies.sh build

test-parts:
	@scripts/install-dependencies.sh test

# Debian's Python and its venv module, whatever other Python comes first on PATH.
$(venv)/.installed: Tests/IntegrationTests/requirements.txt | test-parts
	@/usr/bin/python3 -m venv --clear $(venv)
	@$(venv)/bin/python -m pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

$(venv)/.checkov: Tests/IntegrationTests/requirements-checkov.txt $(venv)/.installed
	@/usr/bin/python3 -m venv --clear $(venv)/checkov
	@$(venv)/checkov/bin/python -m pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

$(venv)/.clients: Tests/IntegrationTests/requirements-clients.txt $(venv)/.installed
	@/usr/bin/python3 -m venv --clear $(venv)/clients
	@$(venv)/clients/bin/python -m pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@
