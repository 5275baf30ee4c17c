export { emulatedAccount } from './emulator.ts';
export { exampleRule } from './example-rule.ts';
export { awsError, fakeSession, on, type FakeAnswer } from './fake-session.ts';
export { memoryTable } from './memory-table.ts';
export { describeRuleContract, type RuleFixtures, type Seed } from './rule-contract.ts';
export { itemOf, sampleChangeEvent, sampleScheduledEvent } from './sample-events.ts';
export { samplePayload } from './sample-payload.ts';
export { serve } from './serve.ts';
export { settingsWith } from './settings-with.ts';
