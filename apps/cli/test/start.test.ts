import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';
import * as z from 'zod';

import { runCli } from './run-cli.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Prints the modules that a process has loaded, when it ends. */
const LIST_LOADED = `import { registerHooks } from 'node:module';
const loaded = [];
registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
process.on('exit', () => process.stderr.write(loaded.map((url) => 'loaded ' + url + '\\n').join('')));`;

/** The modules of a file: of a bundle, its map names them. */
const sourcesOf = async (url: string): Promise<readonly string[]> => {
  if (!url.includes('/dist/')) return [url];
  const map = await readFile(`${fileURLToPath(url)}.map`, 'utf8').catch(() => '{"sources":[]}');
  const { sources } = z.object({ sources: z.array(z.string()) }).parse(JSON.parse(map));
  return [url, ...sources.map((source) => new URL(source, url).href)];
};

test('a scan loads no parser of files that are not there, no other format, no framework, no planning', async () => {
  const { code, stderr } = await runCli(['scan', '--rule', 'S3_ENABLE_VERSIONING', '--format', 'ndjson'], {
    cwd: await temporaryFolder(),
    env: {
      AWS_ACCESS_KEY_ID: 'none',
      AWS_SECRET_ACCESS_KEY: 'none',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(LIST_LOADED)}`,
    },
  });
  expect(code).toBe(3);
  const urls = stderr.split('\n').flatMap((line) => /^loaded (file:.*)/.exec(line)?.[1] ?? []);
  const loaded = (await Promise.all(urls.map(sourcesOf))).flat();
  expect(loaded).toContainEqual(expect.stringContaining('/packages/core/src/evaluate/sweep.ts'));
  const needless =
    /\/(?:yaml|cli-table3|csv-stringify|client-ssm)\/|packages\/(?:frameworks|ledger)\/|core\/src\/(?:index|plan|audit|state|remediate|operate)\b/;
  expect(loaded.filter((line) => needless.test(line))).toEqual([]);
});
