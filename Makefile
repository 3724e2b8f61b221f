# Footbridge: every command that a developer or an integrator needs. `make help` lists them.
SHELL := /bin/sh
SWIFT ?= swift
RELEASE := .build/release

.PHONY: help setup setup-peers build release demo test contract soak appliance powercuts lint bench fuzz clean

help: ## list the commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## /\1\t/' | expand -t 12

setup: ## install the Debian packages that the build needs (silent when all is there)
	@scripts/setup

setup-peers: setup ## install the servers that the tests run against (nginx, PostgreSQL ...)
	@scripts/setup-peers

build: setup ## build everything, debug
	$(SWIFT) build

release: setup ## build footbridge and footbridge-platform, optimised
	$(SWIFT) build -c release --product footbridge
	$(SWIFT) build -c release --product footbridge-platform

demo: release ## one simulated store hour through the real programs, in about a minute
	$(RELEASE)/footbridge demo

test: setup setup-peers lint ## all tests
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build --disable-xctest --skip EndToEndTests
	scripts/contract
	$(SWIFT) test --skip-build --disable-xctest --filter EndToEndTests --skip DemoTests
	$(SWIFT) test --skip-build --disable-xctest --filter DemoTests

contract: build ## made-up requests against the reference platform, from openapi.yaml (MORE=--random)
	scripts/contract $(MORE)

appliance: setup ## the daemon on a real kernel, in an emulated PC with virtual adapters (ONLY="name ...")
	@scripts/setup-appliance
	Tests/Appliance/run $(ONLY)

soak: setup ## the delivery simulation with SEEDS seeds (20000); FOOTBRIDGE_SEED=n repeats one, step by step
	$(SWIFT) build --build-tests
	FOOTBRIDGE_SEEDS=$(or $(SEEDS),20000) $(SWIFT) test --skip-build --disable-xctest --filter DeliverySimulationTests

powercuts: setup ## N (10) power cuts of a box under load, in an emulated PC: nothing accepted may be lost or stand twice
	@scripts/setup-appliance
	Tests/Appliance/powercuts $(or $(N),10)

lint: ## formatting, without changing anything
	$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Tests Fuzz

bench: release setup-peers ## figures beside a yardstick of the same minute (ONLY="queue drain ...", EVENTS=100000)
	EVENTS=$(or $(EVENTS),1000000) scripts/bench $(ONLY)

fuzz: setup ## fuzz every decoder for SECONDS each (30)
	scripts/fuzz $(or $(SECONDS),30)

clean: ## remove what was built
	rm -rf .build .build-fuzz demo-out
