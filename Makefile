# Thin names for `cargo xtask`; `make` alone lists them.
XTASK = cargo run --quiet --package xtask --

.PHONY: help run dev test tidy fmt

help:
	@$(XTASK) help

run: ## build server and UI (release) and start on http://localhost:8080 with a demo company
	@$(XTASK) run

dev: ## debug server and Vite with hot reload
	@$(XTASK) dev

test: ## every check and every test; ends with "N passed, N failed"
	@$(XTASK) test

tidy: ## only the rules of the house
	@$(XTASK) tidy

fmt: ## format Rust and TypeScript
	@$(XTASK) fmt
