/* oxlint-disable typescript/no-unsafe-member-access -- plain JavaScript has no types. */
// Loaded before a function: records the heap in use after each full garbage collection.
import { PerformanceObserver, constants } from 'node:perf_hooks';

const { NODE_PERFORMANCE_GC_MAJOR } = constants;
globalThis.benchLiveHeap = [];
new PerformanceObserver((list) => {
  const full = list.getEntries().some(({ detail }) => detail.kind === NODE_PERFORMANCE_GC_MAJOR);
  if (full) globalThis.benchLiveHeap.push(process.memoryUsage().heapUsed);
}).observe({ entryTypes: ['gc'] });
