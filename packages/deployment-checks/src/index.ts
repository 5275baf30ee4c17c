export { preflight } from './commands/preflight.ts';
export { review } from './commands/review.ts';
export type { LiveAccess } from './live/read-deployment.ts';
export { joinPlans } from './plan/join-plans.ts';
export {
  publicationDifference,
  renderDifference,
  type Publication,
} from './review/publication-difference.ts';
export { COMMENT_LENGTH, shorten } from './review/shorten.ts';
