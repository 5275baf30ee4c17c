import { callGitHub, recordOf, type GitHubApi } from './github-api.ts';

interface Comment {
  readonly id: number;
  readonly body: string;
  readonly html_url: string;
  readonly isBots: boolean;
}

export interface PostOptions extends GitHubApi {
  readonly pullRequest: number;
  readonly text: string;
}

/** Identifies the comment; invisible to readers. */
const MARK = '<!-- compliance: plan review -->';

const PER_PAGE = 100;
const NEEDS = 'pull-requests: write';

/** Creates or updates the comment. @returns its URL @throws {Error} when GitHub refuses */
export const postComment = async (options: PostOptions): Promise<string> => {
  const { pullRequest, text } = options;
  const body = { body: `${MARK}\n${text}` };
  const found = await findComment(options);
  const posted = await callGitHub(
    options,
    found
      ? { method: 'PATCH', path: `/issues/comments/${found.id}`, body, needs: NEEDS }
      : { method: 'POST', path: `/issues/${pullRequest}/comments`, body, needs: NEEDS },
  );
  return parseComment(posted).html_url;
};

const findComment = async (options: PostOptions): Promise<Comment | undefined> => {
  const { pullRequest } = options;
  for (let page = 1; ; page += 1) {
    const path = `/issues/${pullRequest}/comments?per_page=${PER_PAGE}&page=${page}`;
    const answer = await callGitHub(options, { method: 'GET', path, needs: NEEDS });
    const comments = Array.isArray(answer) ? answer.map(parseComment) : [];
    // Anybody can write the mark, so only a bot's comment is updated.
    const found = comments.find(({ body, isBots }) => isBots && body.startsWith(MARK));
    if (found || comments.length < PER_PAGE) return found;
  }
};

const parseComment = (input: unknown): Comment => {
  const { id, body, html_url: url, user } = recordOf(input);
  return {
    id: Number(id),
    body: typeof body === 'string' ? body : '',
    html_url: String(url),
    isBots: recordOf(user)['type'] === 'Bot',
  };
};
