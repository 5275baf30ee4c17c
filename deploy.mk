# Deploys to AWS with the default credentials, or to an organization on this machine with LOCAL=1.
# YES=1 does not ask. scripts/make-variables.json lists the variables of each target, docs/deploy.md describes them.
# LOCAL=0 is AWS here too, as for the commands.
ifneq ($(filter 0 no No NO false False FALSE,$(LOCAL)),)
override LOCAL :=
endif
DEPLOY := node scripts/deploy/src/main.ts
EMULATOR := $(if $(LOCAL),emulator)

DEPLOYING := bootstrap plan deploy-master deploy-member rollout reconcile settings redrive status deploy-app rollback-app destroy local-stop local-env
.PHONY: synth linters test-infra $(DEPLOYING)

##@ Deploy
synth: setup $(EMULATOR) ## Render the Terraform modules of compliance.yaml, or of the example, into infra/dist, and print sizes beside AWS's limits
	@$(if $(LOCAL),$(DEPLOY) synth,node infra/src/main.ts --sizes $(if $(SETTINGS),--settings "$$SETTINGS"))
bootstrap: setup ## Create the bucket of Terraform's state
plan: setup $(EMULATOR) build ## Show what a deployment changes, and keep the plans as JSON
deploy-master: setup $(EMULATOR) build ## Deploy to the master account
deploy-member: setup $(EMULATOR) ## Deploy to all members, or to ACCOUNTS=…
rollout: setup $(EMULATOR) ## Deploy the conformance packs, to CANARY=… first, then to WAVE=… accounts at a time
deploy-app: setup $(EMULATOR) build ## Deploy new code to the functions, and nothing else
rollback-app: setup $(EMULATOR) ## Return the functions to their previous code
destroy: setup $(EMULATOR) build ## Remove everything; settings, ledger and state only with KEEP_DATA=no
local-env: setup ## Print exports for a shell in the local organization: eval "$(make -s local-env)"
local-stop: setup ## Stop the local organization

##@ Operate
settings: setup $(EMULATOR) ## Publish compliance.yaml and exemptions.yaml to the functions
reconcile: setup $(EMULATOR) build ## Enroll accounts that joined the organization, remove those that left
redrive: setup $(EMULATOR) ## Repeat what failed for good: events of the failure queues, dead letters of the sinks
status: setup $(EMULATOR) ## Show the deployed code and the packs of each account, as JSON with JSON=1
$(DEPLOYING):
	@$(DEPLOY) $@

##@ Contribute
linters: ## Install the linters of packs, policies and modules into .venv-lint
	@scripts/setup-linters.sh
test-infra: setup emulator linters build ## Deploy to a local organization with Terraform, run the cycle, destroy it; run the linters
	@node scripts/run-tests.ts scripts/deploy
