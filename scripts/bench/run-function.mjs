/* oxlint-disable typescript/no-unsafe-assignment, typescript/no-unsafe-member-access -- plain JavaScript has no types to be safe by. */
// Stands for Lambda's runtime: loads a built function, gives it the events on standard input one after the other,
// and ends with one line that says how it went. Plain JavaScript, because a cold start must not pay for type stripping.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [, , bundle, invokedFunctionArn] = process.argv;
const events = JSON.parse(readFileSync(0, 'utf8'));

const { handler } = await import(pathToFileURL(bundle).href);
const readyMs = performance.now();
const context = { invokedFunctionArn, getRemainingTimeInMillis: () => 900_000 };
const answers = [];
for (const event of events) answers.push((await handler(event, context)) ?? null);

const report = {
  readyMs,
  invokedMs: performance.now() - readyMs,
  mostMemoryBytes: process.resourceUsage().maxRSS * 1024,
  // What the bench loaded beforehand to measure, if anything.
  loadedBytes: globalThis.benchLoadedBytes ?? 0,
  liveHeapBytes: globalThis.benchLiveHeap ?? [],
  answers,
};
console.log(JSON.stringify(report));
