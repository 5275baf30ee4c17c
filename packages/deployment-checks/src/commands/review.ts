import type { Answer } from './preflight.ts';
import { reviewPlan, type ReviewOptions } from '../review/review-plan.ts';

export interface ReviewCommandOptions extends ReviewOptions {
  /** What `terraform show -json` wrote, parsed. */
  readonly plan: unknown;
}

/** `compliance review plan.json`: the Markdown for a pull request, and whether the plan may be applied. */
export const review = ({ plan, ...options }: ReviewCommandOptions): Answer => {
  const { markdown, errors, findings } = reviewPlan(plan, options);
  return { text: markdown, json: { errors, findings }, exitCode: errors.length > 0 ? 1 : 0 };
};
