// Runs the tests of a folder, by default the repository. The last line is `N passed, N failed`.
import { relative, resolve } from 'node:path';

import { startVitest } from 'vitest/node';

const root = resolve(import.meta.dirname, '..', process.argv[2] ?? '.');
const vitest = await startVitest('test', [], { run: true, watch: false, root });
const modules = vitest.state.getTestModules();
const tests = modules.flatMap((module) => [...module.children.allTests()]);
const count = (state: string) => tests.filter((test) => test.result().state === state).length;
// A file or suite that fails outside its tests fails the run like a test.
const broken = modules.filter((module) => module.errors().length > 0 || hasFailedSuite(module)).length;
const unhandled = vitest.state.getUnhandledErrors().length;
const failed = count('failed') + broken + unhandled;
const slowest = modules
  .map((module) => ({ file: relative(root, module.moduleId), seconds: module.diagnostic().duration / 1000 }))
  .toSorted((a, b) => b.seconds - a.seconds)
  .slice(0, 10);
await vitest.close();
console.log('\nThe slowest suites, in seconds:');
for (const { file, seconds } of slowest) console.log(`${seconds.toFixed(1).padStart(8)}  ${file}`);
console.log(
  `\n${count('passed')} passed, ${failed} failed${count('skipped') > 0 ? `, ${count('skipped')} skipped` : ''}`,
);
process.exitCode = failed > 0 || tests.length === 0 ? 1 : 0;

function hasFailedSuite(module: (typeof modules)[number]): boolean {
  return [...module.children.allSuites()].some((suite) => suite.errors().length > 0);
}
