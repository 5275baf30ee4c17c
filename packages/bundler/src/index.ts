export { bundleFunction } from './bundle-function.ts';
export { bundleProgram } from './bundle-program.ts';
