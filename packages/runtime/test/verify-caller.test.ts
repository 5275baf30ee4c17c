import { PROOF_HEADER } from '@compliance/core';
import { serve } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import { callerVerifier } from '../src/verify-caller.ts';

const now = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
const proofAt = (origin: string) =>
  `${origin}/?Action=GetCallerIdentity&X-Amz-Date=${now}&X-Amz-SignedHeaders=host%3B${PROOF_HEADER}&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=${'f00d'.repeat(16)}`;

test.each([
  ['another Region’s STS', 'eu-west-1', 'https://sts.us-east-1.amazonaws.com'],
  ['the STS of China outside China', 'eu-west-1', 'https://sts.eu-west-1.amazonaws.com.cn'],
  ['an STS without the suffix of China in China', 'cn-north-1', 'https://sts.cn-north-1.amazonaws.com'],
  ['a loopback address in AWS', 'eu-west-1', 'http://127.0.0.1:1'],
])('a proof for %s is refused, and the STS of the Region is named', async (_, region, origin) => {
  const suffix = region.startsWith('cn-') ? '.cn' : '';
  await expect(callerVerifier({}, region)(proofAt(origin), 'approve:plan-1')).rejects.toMatchObject({
    code: 'not-proven',
    message: `Invalid identity proof: not a request to STS (allowed: https://sts.${region}.amazonaws.com${suffix}).`,
  });
});

test('a local organization verifies proofs at its own STS only', async () => {
  const origin = await serve((_, response) =>
    response.end('<Arn>arn:aws:sts::999988887777:assumed-role/ops/jo</Arn><Account>999988887777</Account>'),
  );
  const verify = callerVerifier({ AWS_ENDPOINT_URL: `${origin}/` }, 'eu-west-1');
  await expect(verify(proofAt(origin), 'approve:plan-1')).resolves.toMatchObject({
    accountId: '999988887777',
  });
  await expect(verify(proofAt('https://sts.eu-west-1.amazonaws.com'), 'x')).rejects.toMatchObject({
    code: 'not-proven',
  });
});
