import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A comment in GitHub's format. */
export interface Held {
  id: number;
  body: string;
  html_url: string;
  user: { type: string };
}

/** Starts a fake GitHub with the comments of one pull request, or one that refuses every call with a status. */
export const fakeGitHub = async (comments: Held[], status = 200) => {
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://fake');
    const answer = (value: unknown) => response.writeHead(status).end(JSON.stringify(value));
    if (status !== 200) return answer({ message: 'Resource not accessible by integration' });
    if (request.method === 'GET') {
      const page = Number(searchParams.get('page'));
      return answer(comments.slice((page - 1) * 100, page * 100));
    }
    const { body } = JSON.parse(await bodyOf(request)) as { body: string };
    const id = Number(/comments\/(\d+)$/.exec(pathname)?.[1] ?? comments.length + 1);
    const held = { id, body, html_url: `https://example.test/${id}`, user: { type: 'Bot' } };
    comments.splice(0, comments.length, ...comments.filter((comment) => comment.id !== id), held);
    return answer(held);
  };
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((ready) => {
    server.listen(0, '127.0.0.1', ready);
  });
  // A server that listens on TCP has an address of this type.
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, stop: () => server.close() };
};

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
};
