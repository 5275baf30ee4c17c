/* oxlint-disable typescript/no-unsafe-assignment -- plain JavaScript has no types. */
// Replaces Lambda's runtime: loads a built function, invokes it with each event of standard input,
// and prints one line of figures. Plain JavaScript, because type stripping would slow down a cold start.
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
  // Set by the observer that the bench loads first, if any.
  loadedBytes: globalThis.benchLoadedBytes ?? 0,
  liveHeapBytes: globalThis.benchLiveHeap ?? [],
  answers,
};
console.log(JSON.stringify(report));
