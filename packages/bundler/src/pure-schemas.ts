import { readFile } from 'node:fs/promises';

import type { Plugin } from 'esbuild';

/**
 * Lets esbuild drop the schemas of API shapes that a function never uses.
 * It would keep them, because a computed key such as `{ [_xN]: "item" }` might run code; in these generated files it is
 * a constant. Wrapped as a pure call, a schema means the same and is dropped when unused.
 */
export const pureSchemas: Plugin = {
  name: 'pure-schemas',
  setup: (build) => {
    build.onLoad({ filter: /@aws-sdk[\\/].*[\\/]schemas[\\/]schemas_\d+\.js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      return {
        contents: markPure(WITH_PLAIN_ERRORS.test(path) ? withoutErrorClasses(source) : source),
        loader: 'js',
      };
    });
  },
};

/**
 * Clients whose errors the functions tell apart by name alone. An error without a class of its own still has its name,
 * message and status, as an error of the service. DynamoDB is not here: the state table reads members of its errors.
 */
const WITH_PLAIN_ERRORS =
  /@aws-sdk[\\/]client-(ssm|config-service|sns|cloudwatch-logs|s3|s3-control|resource-groups-tagging-api)[\\/]/;

/** Rewrites `var X = [ … ];` at the top of a module to `var X = (() => [ … ])();`, marked as pure. */
export const markPure = (source: string): string =>
  source.replaceAll(/^((?:export )?var [\w$]+ = )(\[[^;]*?\]);$/gm, '$1/* @__PURE__ */ (() => $2)();');

/** Leaves out what keeps the class of every error of the service: 141 in SSM, for two operations. */
export const withoutErrorClasses = (source: string): string =>
  source.replaceAll(/^n0_registry\.registerError\(.*\);$/gm, '');
