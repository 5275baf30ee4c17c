export { proveCaller } from './prove-caller.ts';
export { EXEMPTIONS_KEY, MOST_STORED_BYTES, SETTINGS_KEY } from './stored-json.ts';
export { isStopped } from './stop-switch.ts';
export { wireFunction, type Wiring } from './wire-function.ts';
