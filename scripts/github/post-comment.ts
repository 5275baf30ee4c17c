interface Comment {
  readonly id: number;
  readonly body: string;
  readonly html_url: string;
  readonly isBots: boolean;
}

export interface PostOptions {
  readonly apiUrl: string;
  readonly token: string;
  /** `owner/name` */
  readonly repository: string;
  readonly pullRequest: number;
  readonly text: string;
}

/** Identifies the comment; invisible to readers. */
const MARK = '<!-- compliance: plan review -->';

const PER_PAGE = 100;

/** Creates or updates the comment. @returns its URL @throws {Error} when GitHub refuses */
export const postComment = async (options: PostOptions): Promise<string> => {
  const { repository, pullRequest, text } = options;
  const body = `${MARK}\n${text}`;
  const found = await findComment(options);
  const posted = found
    ? await call(options, 'PATCH', `/repos/${repository}/issues/comments/${found.id}`, { body })
    : await call(options, 'POST', `/repos/${repository}/issues/${pullRequest}/comments`, { body });
  return parseComment(posted).html_url;
};

const findComment = async (options: PostOptions): Promise<Comment | undefined> => {
  const { repository, pullRequest } = options;
  for (let page = 1; ; page += 1) {
    const path = `/repos/${repository}/issues/${pullRequest}/comments?per_page=${PER_PAGE}&page=${page}`;
    const answer = await call(options, 'GET', path);
    const comments = Array.isArray(answer) ? answer.map(parseComment) : [];
    // Anybody can write the mark, so only a bot's comment is updated.
    const found = comments.find(({ body, isBots }) => isBots && body.startsWith(MARK));
    if (found || comments.length < PER_PAGE) return found;
  }
};

const call = async (
  { apiUrl, token }: PostOptions,
  method: 'GET' | 'POST' | 'PATCH',
  path: string,
  body?: object,
): Promise<unknown> => {
  const response = await fetch(`${apiUrl}${path}`, {
    method,
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${token}`,
      'x-github-api-version': '2022-11-28',
    },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000),
  });
  const text = await response.text();
  if (response.ok) return JSON.parse(text) as unknown;
  throw new Error(
    `GitHub answered ${response.status} to ${method} ${path}: ${text.slice(0, 300)}` +
      (response.status === 403 ? ' The job needs pull-requests: write.' : ''),
  );
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

const recordOf = (input: unknown): Readonly<Record<string, unknown>> =>
  typeof input === 'object' && input !== null ? Object.fromEntries(Object.entries(input)) : {};
