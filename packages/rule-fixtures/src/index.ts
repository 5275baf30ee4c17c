export { collectTests, type CollectedTests } from './collect-tests.ts';
export { familiesOf } from './families-of.ts';
export { contractFixtures, type ContractFixtures } from './contract-fixtures.ts';
export { numberedSession } from './numbered-session.ts';
