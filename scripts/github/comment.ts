// Posts the review as one comment of a pull request: creates it the first time, updates it from then on.
// Run by `make comment`, in the environment of GitHub Actions.
import { readFile } from 'node:fs/promises';

import { requiredVariable } from './github-api.ts';
import { postComment } from './post-comment.ts';

const runUrl = (): string => {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = process.env;
  return server && repository && run ? `${server}/${repository}/actions/runs/${run}` : 'the log of the job';
};

/** Reads the text of `make review`; a failed plan has none. */
const textOf = async (path: string | undefined): Promise<string> => {
  try {
    return await readFile(path ?? '', 'utf8');
  } catch {
    return `# Plan review\n\n**Not planned.** Terraform or a step before it failed: ${runUrl()}\n`;
  }
};

try {
  const url = await postComment({
    apiUrl: process.env['GITHUB_API_URL'] ?? 'https://api.github.com',
    token: requiredVariable('GITHUB_TOKEN'),
    repository: requiredVariable('GITHUB_REPOSITORY'),
    pullRequest: Number(requiredVariable('PULL_REQUEST')),
    text: await textOf(process.argv[2]),
  });
  console.log(url);
} catch (error) {
  console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
