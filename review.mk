# Reviews a pull request; .github/workflows runs the same targets.
# PLANS is the folder of the plans, BASE the git commit with the previous settings.
export BASE DAYS MEMBER_ROLE PLAN SETTINGS
export PLANS ?= .compliance/$(if $(LOCAL),local,aws)/plans
export REVIEW ?= .compliance/review
COMPLIANCE := node apps/cli/src/main.ts

.PHONY: review comment preflight exemptions exemptions-valid not-planned

##@ Deploy
review: setup ## Review the plans of make plan: changes, wider access, cost; fail if they must not be applied
	@$(COMPLIANCE) review "$$PLANS" $${SETTINGS:+--settings "$$SETTINGS"} $${BASE:+--base "$$BASE"} \
	  --out "$$REVIEW/review.md" --comment "$$REVIEW/comment.md"; status=$$?; \
	[ -z "$$GITHUB_STEP_SUMMARY" ] || head -c 1000000 "$$REVIEW/review.md" >> "$$GITHUB_STEP_SUMMARY"; exit $$status
##@ CI only
comment: setup ## Post the review as the one comment of PULL_REQUEST=…
	@node scripts/github/comment.ts "$$REVIEW/comment.md"
not-planned: ## Explain in the job summary why a pull request has no plan
	@printf '%s\n' '### Not planned' '' \
	  'This pull request comes from a fork, or AWS_PLAN_ROLE is not set, so GitHub gives it no identity in AWS.' \
	  'Its settings are valid. To get a plan, somebody with push access must push the branch to this repository.' \
	  | tee -a "$${GITHUB_STEP_SUMMARY:-/dev/null}"
##@ Operate
preflight: setup ## Verify permissions, roles and packs across accounts, read-only in AWS or in the plans of PLAN=…
	@$(COMPLIANCE) preflight $${PLAN:+--plan "$$PLAN"} $${SETTINGS:+--settings "$$SETTINGS"} $${MEMBER_ROLE:+--member-role "$$MEMBER_ROLE"}
exemptions-valid: setup ## Validate exemptions.yaml as the functions do
	@$(COMPLIANCE) exemptions check
exemptions: exemptions-valid ## Validate exemptions.yaml, and fail if any ends within DAYS=… (30 by default)
	@$(COMPLIANCE) exemptions expiring --days "$${DAYS:-30}" --exit-code
