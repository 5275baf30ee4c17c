export { iamPreventPasswordReuse as rule } from './rule.ts';
