/* oxlint-disable typescript/no-unsafe-assignment, typescript/no-unsafe-member-access, typescript/no-unsafe-return -- plain JavaScript has no types to be safe by. */
// Loaded before a function: adds up the bytes of the modules that Node then loads, the bench's own aside.
import { registerHooks } from 'node:module';

globalThis.benchLoadedBytes = 0;
registerHooks({
  load: (url, context, nextLoad) => {
    const module = nextLoad(url, context);
    if (url.startsWith('file:') && !url.endsWith('/run-function.mjs'))
      globalThis.benchLoadedBytes += Buffer.byteLength(module.source);
    return module;
  },
});
