export { cloudtrailEnableMultiRegion as rule } from './rule.ts';
