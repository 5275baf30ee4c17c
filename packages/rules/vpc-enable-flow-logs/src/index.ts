export { vpcEnableFlowLogs as rule } from './rule.ts';
