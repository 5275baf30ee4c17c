import type { ReviewOptions } from '../review/examine-plan.ts';
import { reviewPlan } from '../review/review-plan.ts';
import type { Answer } from './preflight.ts';

export interface ReviewCommandOptions extends ReviewOptions {
  /** The parsed output of `terraform show -json`. */
  readonly plan: unknown;
}

/** Runs `compliance review`: the Markdown for a pull request, and whether the plan may be applied. */
export const review = ({ plan, ...options }: ReviewCommandOptions): Answer => {
  const { markdown, errors, findings, notCompared } = reviewPlan(plan, options);
  return {
    text: markdown,
    json: { errors, findings, notCompared },
    exitCode: errors.length > 0 ? 1 : notCompared ? 2 : 0,
  };
};
