// Puts a text into the one comment of a pull request that this writes: made the first time, changed from then on.
// Run by `make comment`; tokens and places come from the environment, as GitHub Actions sets it.
import { readFile } from 'node:fs/promises';

import { postComment } from './post-comment.ts';

const required = (name: string): string => {
  const value = process.env[name];
  if (value !== undefined && value !== '') return value;
  throw new Error(`${name} is not set: in a workflow, GitHub or its env: does.`);
};

const runUrl = (): string => {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = process.env;
  return server && repository && run ? `${server}/${repository}/actions/runs/${run}` : 'the log of the job';
};

/** What `make review` left; a plan that failed left nothing. */
const textOf = async (path: string | undefined): Promise<string> => {
  try {
    return await readFile(path ?? '', 'utf8');
  } catch {
    return `# Plan review\n\n**Not planned.** Terraform, or what leads to it, failed: ${runUrl()}\n`;
  }
};

try {
  const url = await postComment({
    apiUrl: process.env['GITHUB_API_URL'] ?? 'https://api.github.com',
    token: required('GITHUB_TOKEN'),
    repository: required('GITHUB_REPOSITORY'),
    pullRequest: Number(required('PULL_REQUEST')),
    text: await textOf(process.argv[2]),
  });
  console.log(url);
} catch (error) {
  console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
