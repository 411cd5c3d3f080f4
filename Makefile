# Two commands matter: `make run` opens the shop, `make test` checks everything.
# The work is in scripts/; each says what it does at its top.
.DEFAULT_GOAL := help
.PHONY: help run test build setup bench bench-pipeline bench-writing fuzz fuzz-api postman hostile slow chaos events crowd load programs hosts first-page fmt lint clean-data

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## set up, build, migrate, seed and open the shop
	@scripts/run

test: ## format, lints, tests on every database, browser journeys
	@scripts/test

build: ## build the server, the engines and the pages
	@scripts/setup build
	@scripts/build

setup: ## install what building and testing need
	@scripts/setup test

bench: ## measure page weight, start time, answer times and what they tell
	@scripts/bench

bench-pipeline: ## measure how quick and right recordings are heard, beside others
	@scripts/bench-pipeline

bench-writing: ## measure how well and how quick books are described
	@scripts/bench-writing

fuzz: ## send hostile input to the parsers for an hour
	@scripts/fuzz

fuzz-api: ## send the API 50,000 requests made of its description, as nobody, a shopper and an admin
	@scripts/schemathesis 50000 40

postman: ## make the Postman collections in docs/api anew
	@scripts/postman

hostile: ## put 10,000 damaged and hostile files, and as many pictures, through the decoders
	@scripts/hard hostile
	@scripts/hard pictures

slow: ## hold 2,000 connections open while others visit the shop
	@scripts/hard slow

chaos: ## kill the shop 1,000 times at work, or take away what it needs, on each database
	@scripts/hard chaos

events: ## send 10,000 events of the payment provider, doubled, shuffled and forged
	@scripts/hard events

crowd: ## ask for every page 300 times each, as everybody, sixteen at a time
	@scripts/hard crowd

load: ## visit the shop 200 times a second, and listen with 500 people, on each database
	@scripts/hard load

programs: ## browse 100,000 titles by the API 200 times a second, on each database
	@scripts/hard api

hosts: ## buy and listen on three hosts while each part of the shop is killed in turn (as root)
	@scripts/three-hosts

first-page: ## time `make run` from nothing to the first page, on two cores
	@scripts/time-first-page

fmt: ## format the code
	@cargo fmt --all

lint: ## check format and lints, warnings being errors
	@scripts/lint

clean-data: ## throw away the local shop's data (./data)
	rm -rf data
