export { iamRotateAccessKeys as rule } from './rule.ts';
