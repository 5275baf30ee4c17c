// Runs the tests of a folder, by default the repository. The last line is `N passed, N failed`.
import { relative, resolve } from 'node:path';
import { inspect } from 'node:util';

import { startVitest } from 'vitest/node';

const root = resolve(import.meta.dirname, '..', process.argv[2] ?? '.');
// `make` has bundled the command line: what people use is tested.
process.env['TEST_BUNDLE'] = '1';
const vitest = await startVitest('test', [], { run: true, watch: false, root });
const modules = vitest.state.getTestModules();
const tests = modules.flatMap((module) => [...module.children.allTests()]);
const count = (state: string) => tests.filter((test) => test.result().state === state).length;
// A file or suite that fails outside its tests fails the run like a test.
const failures = [
  ...modules
    .filter((module) => module.errors().length > 0 || hasFailedSuite(module))
    .map((module) => nameOf(module)),
  ...tests
    .filter((test) => test.result().state === 'failed')
    .map((test) => `${nameOf(test.module)} > ${test.fullName}`),
  ...vitest.state.getUnhandledErrors().map((error) => `unhandled: ${messageOf(error)}`),
];
const slowest = modules
  .map((module) => ({ file: nameOf(module), seconds: module.diagnostic().duration / 1000 }))
  .toSorted((a, b) => b.seconds - a.seconds)
  .slice(0, 10);
await vitest.close();
console.log('\nThe slowest suites, in seconds:');
for (const { file, seconds } of slowest) console.log(`${seconds.toFixed(1).padStart(8)}  ${file}`);
// Again at the end: of a long log, only the end may be kept.
if (failures.length > 0) console.log('\nFailed:');
for (const failure of failures) console.log(`  ${failure}`);
console.log(
  `\n${count('passed')} passed, ${failures.length} failed${count('skipped') > 0 ? `, ${count('skipped')} skipped` : ''}`,
);
process.exitCode = failures.length > 0 || tests.length === 0 ? 1 : 0;

function nameOf(module: (typeof modules)[number]): string {
  return relative(root, module.moduleId);
}

/** Vitest passes on errors of its workers as plain objects without a prototype, which cannot be made strings. */
function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error
    ? String(error.message)
    : inspect(error);
}

function hasFailedSuite(module: (typeof modules)[number]): boolean {
  return [...module.children.allSuites()].some((suite) => suite.errors().length > 0);
}
