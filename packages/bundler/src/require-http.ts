import type { Plugin } from 'esbuild';

/**
 * Loads `node:http` and `node:https` through `process.getBuiltinModule`.
 * An ESM import reads the module's lazy WebSocket getter and so loads undici: 80 ms and 13 MB of a cold start.
 */
export const requireHttp: Plugin = {
  name: 'require-http',
  setup: (build) => {
    build.onResolve({ filter: /^(node:)?https?$/ }, ({ path }) => ({
      path: path.replace(/^node:/, ''),
      namespace: 'builtin',
    }));
    build.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule('node:${path}');`,
      loader: 'js',
    }));
  },
};
