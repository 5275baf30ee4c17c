export interface GitHubApi {
  readonly apiUrl: string;
  readonly token: string;
  /** `owner/name` */
  readonly repository: string;
}

/** An answer of GitHub that is an error. */
export class GitHubError extends Error {
  override name = 'GitHubError' as const;
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Calls GitHub's REST API below the repository. @throws {GitHubError} with what the job needs when GitHub refuses */
export const callGitHub = async (
  { apiUrl, token, repository }: GitHubApi,
  { method, path, body, needs }: GitHubCall,
): Promise<unknown> => {
  const response = await fetch(`${apiUrl}/repos/${repository}${path}`, {
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
  throw new GitHubError(
    response.status,
    `GitHub answered ${response.status} to ${method} /repos/${repository}${path}: ${text.slice(0, 300)}` +
      (response.status === 403 ? ` The job needs ${needs}.` : ''),
  );
};

interface GitHubCall {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT';
  readonly path: string;
  readonly body?: object;
  /** The permission of the job that allows the call: `pull-requests: write`. */
  readonly needs: string;
}

export const recordOf = (input: unknown): Readonly<Record<string, unknown>> =>
  typeof input === 'object' && input !== null ? Object.fromEntries(Object.entries(input)) : {};

/** @throws {Error} naming the variable when the environment lacks it */
export const requiredVariable = (name: string): string => {
  const value = process.env[name];
  if (value !== undefined && value !== '') return value;
  throw new Error(`${name} is not set. In a workflow, GitHub or its env: sets it.`);
};
