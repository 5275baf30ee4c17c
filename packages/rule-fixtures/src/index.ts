export { collectTests, type CollectedTests } from './collect-tests.ts';
export { contractFixtures, type ContractFixtures } from './contract-fixtures.ts';
