// Proposes the settings that `make reconcile` deployed. Run by `make propose`, in the environment of GitHub Actions.
import { readFile } from 'node:fs/promises';

import { requiredVariable } from './github-api.ts';
import { proposeSettings } from './propose-settings.ts';

try {
  const url = await proposeSettings({
    apiUrl: process.env['GITHUB_API_URL'] ?? 'https://api.github.com',
    serverUrl: process.env['GITHUB_SERVER_URL'] ?? 'https://github.com',
    token: requiredVariable('GITHUB_TOKEN'),
    repository: requiredVariable('GITHUB_REPOSITORY'),
    base: requiredVariable('GITHUB_REF_NAME'),
    text: await readFile(process.argv[2] ?? '', 'utf8'),
  });
  console.log(url ?? 'compliance.yaml is up to date.');
} catch (error) {
  console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
