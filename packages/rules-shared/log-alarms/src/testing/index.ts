export { alarmFixtures, withChain, type ChainSeed } from './chain-fixtures.ts';
export { verdictOn } from './fake-account.ts';
