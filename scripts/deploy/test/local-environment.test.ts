import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { expect, test } from 'vitest';

import { formatEnvironment } from '../src/local/local-environment.ts';

const organization = {
  pid: 1,
  endpointUrl: 'http://127.0.0.1:4566',
  credentials: {
    '999988887777': { accessKeyId: 'AKIAMASTER', secretAccessKey: 'a/b+c' },
    '111122223333': { accessKeyId: 'AKIAMEMBER', secretAccessKey: 'd' },
  },
};

test('a shell that evaluates the exports works in that account, whatever its environment was', async () => {
  const script = `${formatEnvironment(organization, { accountId: '999988887777', region: 'eu-west-1' })}
    echo "$AWS_ENDPOINT_URL $AWS_ACCESS_KEY_ID $AWS_SECRET_ACCESS_KEY $AWS_REGION $AWS_DEFAULT_REGION [$AWS_PROFILE$AWS_SESSION_TOKEN]"`;
  const { stdout } = await promisify(execFile)('bash', ['-c', script], {
    env: { ...process.env, AWS_PROFILE: 'prod', AWS_SESSION_TOKEN: 'token' },
  });
  expect(stdout).toBe('http://127.0.0.1:4566 AKIAMASTER a/b+c eu-west-1 eu-west-1 []\n');
});

test('an unknown account is reported with the known ones', () => {
  expect(() => formatEnvironment(organization, { accountId: '555566667777', region: 'eu-west-1' })).toThrow(
    /no account 555566667777. Known accounts: (111122223333, 999988887777|999988887777, 111122223333)/,
  );
});
