export * from './bundle-function.ts';
export * from './reproducible-zip.ts';
