// The entry of a worker thread. What it loads before it enables the cache would be compiled again in every thread; as
// TypeScript, it would load the parser of TypeScript into each.
import { enableCompileCache } from 'node:module';

enableCompileCache();
await import('./scan-in-worker.ts');
