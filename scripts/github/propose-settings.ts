import { GitHubError, callGitHub, recordOf, type GitHubApi } from './github-api.ts';

export interface ProposeOptions extends GitHubApi {
  /** `https://github.com` */
  readonly serverUrl: string;
  /** The branch that the settings belong to. */
  readonly base: string;
  /** The text of compliance.yaml as it is deployed. */
  readonly text: string;
}

const FILE = 'compliance.yaml';
const BRANCH = 'reconcile';
const TITLE = 'chore(settings): follow the accounts of the organization';
const NEEDS = 'contents: write and issues: write';

/**
 * Pushes the settings to a branch, and asks in one issue to open its pull request.
 * Actions could open it only where the repository lets them create, and so approve, pull requests. A pull request that
 * a person opens also starts its checks.
 * @returns the URL of the issue, or `undefined` when the base has these settings already
 * @throws {GitHubError} when GitHub refuses
 */
export const proposeSettings = async (options: ProposeOptions): Promise<string | undefined> => {
  const { base, text, repository, serverUrl } = options;
  const file = recordOf(await get(options, `/contents/${FILE}?ref=${base}`));
  if (Buffer.from(String(file['content']), 'base64').toString('utf8') === text) return undefined;
  await moveBranch(options, await commitOf(options));
  await callGitHub(options, {
    method: 'PUT',
    path: `/contents/${FILE}`,
    body: {
      message: TITLE,
      content: Buffer.from(text).toString('base64'),
      sha: file['sha'],
      branch: BRANCH,
    },
    needs: NEEDS,
  });
  return askForPullRequest(
    options,
    `Accounts joined or left the organization, and \`make reconcile\` deployed these changes of ${FILE} after the ` +
      `reviewers of the environment agreed. Open the pull request, so that \`${base}\` matches what is deployed:\n\n` +
      `${serverUrl}/${repository}/compare/${base}...${BRANCH}?expand=1\n`,
  );
};

const get = (options: ProposeOptions, path: string) =>
  callGitHub(options, { method: 'GET', path, needs: NEEDS });

const commitOf = async (options: ProposeOptions): Promise<string> => {
  const reference = recordOf(await get(options, `/git/ref/heads/${options.base}`));
  return String(recordOf(reference['object'])['sha']);
};

/** Points the branch to a commit; creates it the first time. */
const moveBranch = async (options: ProposeOptions, sha: string): Promise<void> => {
  try {
    await callGitHub(options, {
      method: 'PATCH',
      path: `/git/refs/heads/${BRANCH}`,
      body: { sha, force: true },
      needs: NEEDS,
    });
  } catch (error) {
    if (!(error instanceof GitHubError && [404, 422].includes(error.status))) throw error;
    await callGitHub(options, {
      method: 'POST',
      path: '/git/refs',
      body: { ref: `refs/heads/${BRANCH}`, sha },
      needs: NEEDS,
    });
  }
};

/** Updates the open issue, or opens one. */
const askForPullRequest = async (options: ProposeOptions, body: string): Promise<string> => {
  const open = await get(options, '/issues?state=open&creator=github-actions%5Bbot%5D&per_page=100');
  const found = (Array.isArray(open) ? open.map(recordOf) : []).find(({ title }) => title === TITLE);
  const issue = await callGitHub(
    options,
    found
      ? { method: 'PATCH', path: `/issues/${String(found['number'])}`, body: { body }, needs: NEEDS }
      : { method: 'POST', path: '/issues', body: { title: TITLE, body }, needs: NEEDS },
  );
  return String(recordOf(issue)['html_url']);
};
