// The entry of a worker thread. What it loads before it enables the cache would be compiled again in every thread.
import { enableCompileCache } from 'node:module';

enableCompileCache();
await import('./scan-in-worker.ts');
