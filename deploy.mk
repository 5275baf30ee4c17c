# Deploying: to AWS with the ordinary credentials, or to an organization on this machine with LOCAL=1.
# YES=1 does not ask. What else may be said is in docs/deploy.md.
DEPLOY := node scripts/deploy/src/main.ts
EMULATOR := $(if $(LOCAL),emulator)
export LOCAL YES ACCOUNTS REGIONS CANARY WAVE WAIT_MINUTES JSON MEMBER_ROLE STATE_BUCKET PARALLEL CREATE_RECORDER KEEP_DATA SETTINGS

DEPLOYING := bootstrap plan deploy-master deploy-member rollout reconcile settings status deploy-app rollback-app destroy local-stop local-env
.PHONY: synth linters test-infra $(DEPLOYING)

synth: setup $(EMULATOR) ## Render the Terraform modules of compliance.yaml, or else of the example, into infra/dist
	@$(if $(LOCAL),$(DEPLOY) synth,node infra/src/main.ts $(if $(SETTINGS),--settings $(SETTINGS)))
bootstrap: setup ## Make the bucket of Terraform's state
plan: setup $(EMULATOR) build ## Say what deploying would change, and keep the plans as JSON
deploy-master: setup $(EMULATOR) build ## Deploy to the master account
deploy-member: setup $(EMULATOR) ## Deploy to the members, or to ACCOUNTS=…
rollout: setup $(EMULATOR) ## Give the conformance packs to the organization, to CANARY=… first, then WAVE=… at a time
reconcile: setup $(EMULATOR) build ## Take up the accounts that joined the organization, let go of those that left
settings: setup $(EMULATOR) ## Give compliance.yaml and exemptions.yaml to the functions
status: setup $(EMULATOR) ## Show what runs and which account has which pack, as JSON with JSON=1
deploy-app: setup $(EMULATOR) build ## Bring new code to the functions, and nothing else
rollback-app: setup $(EMULATOR) ## Return the functions to the code before
destroy: setup $(EMULATOR) build ## Take everything away; settings, ledger and state only with KEEP_DATA=no
local-stop: setup ## End the organization on this machine
local-env: setup ## Let a shell work there: eval "$(make -s local-env)", in a member with ACCOUNTS=…
$(DEPLOYING):
	@$(DEPLOY) $@

linters: ## Install the linters of packs, policies and modules into .venv-lint
	@scripts/setup-linters.sh
test-infra: setup emulator linters build ## Terraform deploys to an organization on this machine, the loop runs, all is taken away; linters
	@node scripts/run-tests.ts scripts/deploy
