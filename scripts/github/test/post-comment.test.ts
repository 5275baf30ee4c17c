import { afterEach, describe, expect, test } from 'vitest';

import { postComment } from '../post-comment.ts';
import { fakeGitHub, type Held } from './fake-github.ts';

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

const poster = async (comments: Held[], status?: number) => {
  const { url: apiUrl, stop } = await fakeGitHub(comments, status);
  stops.push(stop);
  return (text: string) => postComment({ apiUrl, token: 't', repository: 'o/r', pullRequest: 7, text });
};

const comment = (id: number, body: string, type: string): Held => ({
  id,
  body,
  html_url: `https://example.test/${id}`,
  user: { type },
});
const MARK = '<!-- compliance: plan review -->';

describe('the review of a pull request', () => {
  test('a review that is posted several times is one comment', async () => {
    const comments: Held[] = [];
    const post = await poster(comments);
    const first = await post('# Plan review\n\none');
    expect(await post('# Plan review\n\ntwo')).toBe(first);
    expect(comments.map(({ body }) => body)).toEqual([`${MARK}\n# Plan review\n\ntwo`]);
  });
  test('the comment is found after a hundred other comments', async () => {
    const others = Array.from({ length: 100 }, (_, index) => comment(index + 1, 'hello', 'User'));
    const comments = [...others, comment(101, `${MARK}\nold`, 'Bot')];
    const post = await poster(comments);
    await post('new');
    expect(comments).toHaveLength(101);
    expect(comments.at(-1)?.body).toContain('new');
  });
  test('a comment of a person with the mark is not changed', async () => {
    const comments = [comment(1, `${MARK}\n**No errors**`, 'User')];
    const post = await poster(comments);
    await post('3 errors');
    expect(comments.map(({ body }) => body)).toEqual([`${MARK}\n**No errors**`, `${MARK}\n3 errors`]);
  });
  test('a refusal of GitHub is reported with the missing permission', async () => {
    const post = await poster([], 403);
    await expect(post('text')).rejects.toThrow(
      /GitHub answered 403 to GET \/repos\/o\/r\/issues\/7\/comments.*The job needs pull-requests: write\./,
    );
  });
});
