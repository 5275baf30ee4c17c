# Reviews a pull request; .github/workflows runs the same targets.
# PLANS is the folder of the plans, BASE the git commit with the previous settings.
export PLANS ?= .compliance/$(if $(LOCAL),local,aws)/plans
export REVIEW ?= .compliance/review
COMPLIANCE := node apps/cli/src/main.js
# `make plan` keeps beside the plans what is published, to compare with.
PUBLISHED := $(dir $(PLANS))published/compliance.yaml
OWN_SETTINGS = $(if $(SETTINGS)$(LOCAL),--settings "$${SETTINGS:-.compliance/local/compliance.yaml}")

.PHONY: review comment propose preflight exemptions exemptions-valid not-planned

##@ Deploy
review: setup ## Review the plans of make plan: changes, wider access, cost; fail if they must not be applied
	@[ -n "$$BASE" ] || [ ! -e "$(PUBLISHED)" ] || set -- --settings-before "$(PUBLISHED)"; \
	$(COMPLIANCE) review "$$PLANS" $(OWN_SETTINGS) $${BASE:+--base "$$BASE"} "$$@" \
	  --out "$$REVIEW/review.md" --comment "$$REVIEW/comment.md"; status=$$?; \
	[ -z "$$GITHUB_STEP_SUMMARY" ] || head -c 1000000 "$$REVIEW/review.md" >> "$$GITHUB_STEP_SUMMARY"; exit $$status
##@ CI only
comment: setup ## Post the review as the one comment of PULL_REQUEST=…
	@node scripts/github/comment.ts "$$REVIEW/comment.md"
propose: setup ## Push the reconciled compliance.yaml to a branch, and ask in an issue for its pull request
	@node scripts/github/propose.ts .compliance/settings/compliance.yaml
not-planned: ## Explain in the job summary why a pull request has no plan
	@printf '%s\n' '### Not planned' '' \
	  'This pull request comes from a fork, or AWS_PLAN_ROLE is not set, so GitHub gives it no identity in AWS.' \
	  'Its settings are valid. To get a plan, somebody with push access must push the branch to this repository.' \
	  | tee -a "$${GITHUB_STEP_SUMMARY:-/dev/null}"
##@ Operate
preflight: setup ## Verify permissions, roles and packs across accounts, read-only in AWS or in the plans of PLAN=…
	@$(if $(LOCAL),access="$$(node scripts/deploy/src/main.ts local-env)" && eval "$$access" && )\
	$(COMPLIANCE) preflight $${PLAN:+--plan "$$PLAN"} $(OWN_SETTINGS) $${MEMBER_ROLE:+--member-role "$$MEMBER_ROLE"}
exemptions-valid: setup ## Validate exemptions.yaml as the functions do
	@$(COMPLIANCE) exemptions check
exemptions: exemptions-valid ## Validate exemptions.yaml, and fail if any ends within DAYS=… (30 by default)
	@$(COMPLIANCE) exemptions expiring --days "$${DAYS:-30}" --exit-code
