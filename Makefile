# A bash SHELL also makes GNU make 3.81 (macOS) use the exported PATH for every recipe line.
SHELL := /bin/bash
PNPM_VERSION := 12.21.0
PNPM := .tools/pnpm-$(PNPM_VERSION)/node_modules/.bin/pnpm
export PATH := $(CURDIR)/node_modules/.bin:$(CURDIR)/$(dir $(PNPM)):$(PATH)
export TURBO_TELEMETRY_DISABLED := 1
export DO_NOT_TRACK := 1

.PHONY: help setup emulator demo test check typecheck lint format generate build bench lock clean

help: ## What each target does
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: node_modules/.setup ## Install Node 24, pnpm and all packages (frozen lock file)

$(PNPM):
	@echo "Installing pnpm $(PNPM_VERSION) into .tools …"
	@npm install --prefix .tools/pnpm-$(PNPM_VERSION) --no-save --no-audit --no-fund --loglevel=error \
		--fetch-retries=1 --fetch-retry-maxtimeout=10000 --fetch-timeout=60000 pnpm@$(PNPM_VERSION) \
		|| { echo "pnpm could not be installed: is the npm registry reachable, and is npm there?"; exit 1; }

node_modules/.setup: $(PNPM) package.json pnpm-lock.yaml pnpm-workspace.yaml $(wildcard apps/*/package.json packages/*/package.json packages/rules/*/package.json packages/rules-shared/*/package.json infra/package.json scripts/deploy/package.json)
	pnpm install --frozen-lockfile
	@node -e 'if (+process.versions.node.split(".")[0] < 24) { console.error("Node 24 or newer is needed; this platform has no pinned copy: install it"); process.exit(1) }'
	@touch $@

emulator: ## Install the AWS emulator (moto) into .venv
	@scripts/setup-emulator.sh

demo: setup emulator build ## The whole loop on a local organization, with pictures
	@node apps/cli/src/main.ts demo

test: setup emulator build ## Every test; ends with "N passed, N failed"
	@node scripts/run-tests.ts

check: setup ## Types, lint, format, dead code, boundaries, lock file, generated files
	@turbo run //#typecheck //#lint //#format:check //#deadcode --output-logs=errors-only
	@turbo boundaries
	@node scripts/check-lock.ts
	@node scripts/check-rooms.ts
	@node scripts/generate-registry.ts --check
	@node apps/cli/src/main.ts settings schema | diff -q - compliance.schema.json >/dev/null || { echo "compliance.schema.json is not up to date: run make generate"; exit 1; }

typecheck: setup
	@tsc --noEmit
lint: setup
	@oxlint
format: setup ## Format everything
	@oxfmt .
generate: setup ## Write what follows from the folders of packages/rules and from the settings
	@node scripts/generate-registry.ts && pnpm install --no-frozen-lockfile
	@node apps/cli/src/main.ts settings schema > compliance.schema.json
build: setup ## Bundle the two functions, reproducibly
	@turbo run build --filter=@compliance/evaluate --filter=@compliance/remediate --output-logs=new-only
bench: setup emulator build ## Figures of speed, memory and size, as ratios
	@node scripts/bench/main.ts
lock: $(PNPM)
	@pnpm install --no-frozen-lockfile && node scripts/check-lock.ts
clean:
	rm -rf node_modules apps/*/node_modules packages/*/node_modules packages/rules*/*/node_modules infra/node_modules scripts/deploy/node_modules .turbo */*/.turbo apps/*/dist infra/dist

-include deploy.mk review.mk
