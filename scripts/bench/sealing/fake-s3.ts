// Answers every GetObject with 600 bytes, and every PutObject, for the measurement of the SDK alone.
import { createServer } from 'node:http';

const body = Buffer.alloc(600, 'x');
const server = createServer((request, response) => {
  request.resume();
  request.on('end', () =>
    response.writeHead(200, { etag: '"x"' }).end(request.method === 'GET' ? body : undefined),
  );
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.(typeof address === 'object' ? address?.port : undefined);
});
