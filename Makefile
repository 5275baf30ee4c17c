# A bash SHELL also makes GNU make 3.81 (macOS) use the exported PATH for every recipe line.
SHELL := /bin/bash
PNPM_VERSION := 12.21.0
PNPM := .tools/pnpm-$(PNPM_VERSION)/node_modules/.bin/pnpm
export PATH := $(CURDIR)/node_modules/.bin:$(CURDIR)/$(dir $(PNPM)):$(PATH)
export TURBO_TELEMETRY_DISABLED := 1
export DO_NOT_TRACK := 1

.PHONY: help setup emulator browser demo test check typecheck lint format new-rule generate build bench chaos chaos-ledger fuzz screenshots lock clean

# Refuses misspelt variables before anything runs: scripts/make-variables.json has those of each target. A make that make
# starts has the variables of the first.
ifeq ($(MAKELEVEL),0)
GIVEN := $(foreach name,$(.VARIABLES),$(if $(findstring command line,$(origin $(name))),$(name)))
WRONG := $(shell GOALS='$(or $(MAKECMDGOALS),help)' GIVEN='$(filter-out -*,$(GIVEN))' node scripts/check-variables.mjs)
$(if $(WRONG),$(error $(WRONG)))
endif

# `make generate` changes manifests, and then the lock file.
LOCK := --frozen-lockfile
UNLOCKED := -s setup LOCK=--no-frozen-lockfile

##@ First steps
help: ## Show this list
	@awk 'BEGIN { FS = ":.*## "; groups = split("First steps|Deploy|Operate|Contribute|CI only", order, "|") } \
	  /^##@ / { group = substr($$0, 5) } \
	  /^[a-z-]+:.*## / { lines[group] = lines[group] sprintf("  %-17s%s\n", $$1, $$2) } \
	  END { for (i = 1; i <= groups; i++) printf "%s%s\n%s", (i > 1 ? "\n" : ""), order[i], lines[order[i]] }' $(MAKEFILE_LIST)

setup: node_modules/.setup ## Install Node 24, pnpm and all packages from the lock file

$(PNPM):
	@echo "Installing pnpm $(PNPM_VERSION) into .tools …"
	@npm install --prefix .tools/pnpm-$(PNPM_VERSION) --no-save --no-audit --no-fund --loglevel=error \
		--fetch-retries=1 --fetch-retry-maxtimeout=10000 --fetch-timeout=60000 pnpm@$(PNPM_VERSION) \
		|| { echo "pnpm could not be installed. Check that npm is installed and its registry is reachable."; exit 1; }

node_modules/.setup: $(PNPM) package.json pnpm-lock.yaml pnpm-workspace.yaml $(wildcard apps/*/package.json packages/*/package.json packages/rules/*/package.json packages/rules-shared/*/package.json infra/package.json scripts/deploy/package.json)
	pnpm install $(LOCK) || { echo "Not installed. If a package was added, removed or changed, run make generate."; exit 1; }
	@node -e 'if (+process.versions.node.split(".")[0] < 24) { console.error("Node 24 or newer is required, and there is no pinned copy for this platform. Install it."); process.exit(1) }'
	@touch $@

demo: setup emulator build ## Run the whole cycle on a local AWS organization; OPEN=1 opens its dashboard; RULES=all shows every rule instead
	@node apps/cli/src/main.js demo $(if $(RULES),--rules "$$RULES") $(if $(OPEN),--open)

##@ Contribute
check: setup ## Check types, lint, format, dead code, rooms, boundaries, words, time, lock file and generated files
	@node scripts/generate.ts --check
	@turbo run //#typecheck //#lint //#format:check //#deadcode --output-logs=errors-only
	@turbo boundaries
	@node scripts/check-lock.ts
	@node scripts/check-rooms.ts
	@node scripts/check-words.ts
	@node scripts/check-clock.ts

test: setup emulator browser build ## Run all tests; the last line is "N passed, N failed"
	@node scripts/run-tests.ts

typecheck: setup
	@pnpm -s typecheck
lint: setup
	@oxlint
format: setup ## Format all files
	@oxfmt .
new-rule: setup emulator ## Write the package of a new rule: NAME=EBS_ENCRYPT_BY_DEFAULT [FAMILY=…] [RESOURCE=AWS::EC2::VPC]
	@node scripts/new-rule.ts "$$NAME" --family "$$FAMILY" --resource "$$RESOURCE"
	@$(MAKE) --no-print-directory generate
generate: $(PNPM) ## Write what derives from the rules: manifests, lock file, registry, schema of the settings
	@[ -e node_modules/.setup ] || $(MAKE) $(UNLOCKED)
	@node scripts/generate.ts --manifests
	@$(MAKE) $(UNLOCKED)
	@node scripts/generate.ts
build: setup ## Bundle the functions reproducibly, the command line, and the page of the dashboard
	@turbo run build --filter=@compliance/evaluate --filter=@compliance/remediate --filter=@compliance/keeper --filter=@compliance/dashboard --filter=@compliance/cli --output-logs=new-only
bench: setup emulator build ## Measure speed, memory and size, or ONLY=…; fail if a target is missed
	@node scripts/bench/main.ts $(ONLY)
chaos: setup ## Simulate months of faults, kills and runs side by side: SEED=…, SEEDS=…, DAYS=…, BUILD=no-claim …
	@node packages/chaos/src/chaos.ts $(if $(SEED),--seed "$$SEED") $(if $(SEEDS),--seeds "$$SEEDS") $(if $(DAYS),--days "$$DAYS") $(if $(BUILD),--build "$$BUILD")
chaos-ledger: setup ## Simulate 100 writers, failing sinks and a killed keeper: SEED=…, EVENTS=…, WRITERS=…, BUILD=no-outbox …
	@node packages/chaos/src/sealing.ts $(if $(SEED),--seed "$$SEED") $(if $(EVENTS),--events "$$EVENTS") $(if $(WRITERS),--writers "$$WRITERS") $(if $(BUILD),--build "$$BUILD")
fuzz: setup ## Send mutated events to every door of the functions: SEED=…, EVENTS=…, BUILD=any-account …
	@node packages/chaos/src/fuzz.ts $(if $(SEED),--seed "$$SEED") $(if $(EVENTS),--events "$$EVENTS") $(if $(BUILD),--build "$$BUILD")
emulator: ## Install the AWS emulator (moto) into .venv
	@scripts/setup-emulator.sh
browser: ## Find or install the Chromium of the dashboard's tests; CHROMIUM=… names one
	@scripts/setup-browser.sh
screenshots: setup browser build ## Take the pictures of the dashboard for docs, or of every view: FOLDER=…
	@node apps/dashboard/test/screenshots.ts $(if $(FOLDER),"$$FOLDER")
lock: $(PNPM)
	@pnpm install --no-frozen-lockfile && node scripts/check-lock.ts
clean:
	rm -rf node_modules apps/*/node_modules packages/*/node_modules packages/rules*/*/node_modules infra/node_modules scripts/deploy/node_modules .turbo */*/.turbo apps/*/dist infra/dist

-include deploy.mk review.mk
