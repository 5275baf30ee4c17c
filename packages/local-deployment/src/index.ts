export * from './deploy-locally.ts';
export * from './publish-settings.ts';
