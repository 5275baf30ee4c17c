export {
  AccessLog,
  judgeAccessLog,
  observeAccessLog,
  observeAccessLogOnce,
  recordedAccessLog,
} from './access-log.ts';
export { accessLogParameters } from './parameters.ts';
export { planAccessLog, type Settings } from './plan-access-log.ts';
export { stageArn, stageOf } from './stage-id.ts';
