# What a pull request is reviewed with; .github/workflows runs the same targets.
# PLANS says whose plans, BASE which commit of git has the settings before.
export BASE DAYS MEMBER_ROLE PLAN SETTINGS
export PLANS ?= .compliance/$(if $(LOCAL),local,aws)/plans
export REVIEW ?= .compliance/review
COMPLIANCE := node apps/cli/src/main.ts

.PHONY: review comment preflight exemptions exemptions-valid not-planned

review: setup ## Say what the plans of make plan change, widen and cost; fails on what must not be applied
	@$(COMPLIANCE) review "$$PLANS" $${SETTINGS:+--settings "$$SETTINGS"} $${BASE:+--base "$$BASE"} \
	  --out "$$REVIEW/review.md" --comment "$$REVIEW/comment.md"; status=$$?; \
	[ -z "$$GITHUB_STEP_SUMMARY" ] || head -c 1000000 "$$REVIEW/review.md" >> "$$GITHUB_STEP_SUMMARY"; exit $$status
comment: setup ## Put the review into the one comment of the pull request PULL_REQUEST
	@node scripts/github/comment.ts "$$REVIEW/comment.md"
not-planned: ## Say in a pull request why it has no plan
	@printf '%s\n' '### Not planned' '' \
	  'This pull request comes from a fork, or AWS_PLAN_ROLE is not set, so that GitHub gives it no identity in AWS.' \
	  'Its settings are valid. Who may push to this repository can push the branch here to have it planned.' \
	  | tee -a "$${GITHUB_STEP_SUMMARY:-/dev/null}"
preflight: setup ## Check that everything that must fit does, read-only in the live accounts, or in the plans of PLAN=…
	@$(COMPLIANCE) preflight $${PLAN:+--plan "$$PLAN"} $${SETTINGS:+--settings "$$SETTINGS"} $${MEMBER_ROLE:+--member-role "$$MEMBER_ROLE"}
exemptions-valid: setup ## Check exemptions.yaml as the functions will
	@$(COMPLIANCE) exemptions check
exemptions: exemptions-valid ## Check exemptions.yaml, and fail when some end within DAYS, 30 by default
	@$(COMPLIANCE) exemptions expiring --days "$${DAYS:-30}" --exit-code
