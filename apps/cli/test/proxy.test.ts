import { createServer } from 'node:http';
import { expect, test } from 'vitest';

import { runCli } from './run-cli.ts';

test('calls of AWS go through the proxy that HTTPS_PROXY names', async () => {
  const asked: string[] = [];
  // It refuses: the test needs no internet.
  const proxy = createServer().on('connect', ({ url = '' }, socket) => {
    asked.push(url);
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  try {
    const address = proxy.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const { code, stderr } = await runCli(['scan', '--rule', 'S3_ENABLE_VERSIONING'], {
      env: {
        HTTPS_PROXY: `http://127.0.0.1:${port}`,
        AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
        AWS_SECRET_ACCESS_KEY: 'secret',
      },
    });
    expect(asked[0]).toBe('sts.eu-west-1.amazonaws.com:443');
    expect(code).toBe(3);
    expect(stderr).toContain('proxy');
  } finally {
    proxy.close();
  }
});
