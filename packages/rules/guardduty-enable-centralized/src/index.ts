export { guarddutyEnableCentralized as rule } from './rule.ts';
