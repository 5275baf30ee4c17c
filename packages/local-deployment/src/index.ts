export { admitInvokers } from './deploy-functions.ts';
export { deployLocally } from './deploy-locally.ts';
export { localCompliance, localSettings } from './local-settings.ts';
export { restartFunctions } from './restart-functions.ts';
