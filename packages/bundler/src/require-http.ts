import type { Plugin } from 'esbuild';

/**
 * ESM `import 'node:http'` reads the module's lazy WebSocket getter and so loads undici: 80 ms and 13 MB of a cold
 * start. Reaching the module through `process.getBuiltinModule` does not.
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
