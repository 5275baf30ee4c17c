export { KEY, KEYS, keyShape, sharedKeys } from './keys.ts';
