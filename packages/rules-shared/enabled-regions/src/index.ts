export { enabledRegions, recorderStatus } from './enabled-regions.ts';
