export * from './deploy-locally.ts';
export * from './local-settings.ts';
export * from './publish-settings.ts';
export * from './restart-functions.ts';
