export { iamSetPasswordMinLength as rule } from './rule.ts';
