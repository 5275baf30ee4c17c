export * from './arbitrary.ts';
export * from './emulator.ts';
export * from './example-rule.ts';
export * from './fake-session.ts';
export * from './memory-table.ts';
export * from './rule-contract.ts';
export * from './sample-events.ts';
