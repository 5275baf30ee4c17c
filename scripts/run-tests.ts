// Runs every test and ends with one line that says how it went: `N passed, N failed`.
import { startVitest } from 'vitest/node';

const vitest = await startVitest('test', process.argv.slice(2), { run: true, watch: false });
const modules = vitest.state.getTestModules();
const tests = modules.flatMap((module) => [...module.children.allTests()]);
const count = (state: string) => tests.filter((test) => test.result().state === state).length;
// A file or a suite that fails before or after its tests fails the run as a test does.
const broken = modules.filter((module) => module.errors().length > 0 || hasFailedSuite(module)).length;
const unhandled = vitest.state.getUnhandledErrors().length;
const failed = count('failed') + broken + unhandled;
await vitest.close();
console.log(
  `\n${count('passed')} passed, ${failed} failed${count('skipped') > 0 ? `, ${count('skipped')} skipped` : ''}`,
);
process.exitCode = failed > 0 || tests.length === 0 ? 1 : 0;

function hasFailedSuite(module: (typeof modules)[number]): boolean {
  return [...module.children.allSuites()].some((suite) => suite.errors().length > 0);
}
