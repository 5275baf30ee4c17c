export { StateError } from './base/state-error.ts';
export { buildState, type BuildOptions } from './build/build-state.ts';
export { readManifest, type Manifest } from './snapshot/manifest.ts';
