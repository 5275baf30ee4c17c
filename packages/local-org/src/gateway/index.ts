export { AwsError, awsError } from './aws-error.ts';
export type { Call } from './call.ts';
export type { Credentials } from './credentials.ts';
export { writesEventBridge } from './event-policies.ts';
export type { Fault } from './dispatch.ts';
export { startGateway, type Gateway, type Handler } from './start-gateway.ts';
