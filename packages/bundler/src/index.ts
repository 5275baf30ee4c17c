export { bundleFunction } from './bundle-function.ts';
