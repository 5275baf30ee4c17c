// Loaded before a function: sums the bytes of the modules that Node then loads, without the bench's own.
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
