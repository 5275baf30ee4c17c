export { askRemediation } from './ask-remediation.ts';
export { createFunctionContext, type FunctionContext } from './function-context.ts';
export { isStopped } from './stop-switch.ts';
export { EXEMPTIONS_KEY, MAX_STORED_BYTES, readStoredJson, SETTINGS_KEY } from './stored-json.ts';
export { callerVerifier } from './verify-caller.ts';
