export { alarmOn } from './alarm-on.ts';
export { changesIn, type AlarmedEvents } from './alarmed-events.ts';
export type { SampleEvent } from './sample-event.ts';
