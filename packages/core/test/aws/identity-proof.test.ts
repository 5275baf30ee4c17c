import type { IncomingMessage } from 'node:http';
import { inspect } from 'node:util';

import { describe, expect, test } from 'vitest';

import { PROOF_HEADER, proofSubject, verifyIdentityProof } from '../../src/aws/identity-proof.ts';
import { serve } from '../../src/testing/serve.ts';

const STS = 'https://sts.eu-west-1.amazonaws.com';
const ARN = 'arn:aws:sts::999988887777:assumed-role/ops/jo';
const ACCOUNT = '999988887777';
const JSON_ANSWER = JSON.stringify({
  GetCallerIdentityResponse: {
    GetCallerIdentityResult: { Account: ACCOUNT, Arn: ARN, UserId: 'AROAEXAMPLE:jo' },
    ResponseMetadata: { RequestId: '01234567-89ab-cdef-0123-456789abcdef' },
  },
});
const XML_ANSWER = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <GetCallerIdentityResult>
    <Arn>${ARN}</Arn>
    <UserId>AROAEXAMPLE:jo</UserId>
    <Account>${ACCOUNT}</Account>
  </GetCallerIdentityResult>
</GetCallerIdentityResponse>`;

const SIGNATURE = 'f00d'.repeat(16);

const proofAt = (origin: string, over: Record<string, string> = {}, path = '/') => {
  const query = {
    Action: 'GetCallerIdentity',
    Version: '2011-06-15',
    'X-Amz-Date': '20261120T120000Z',
    'X-Amz-SignedHeaders': `host;${PROOF_HEADER}`,
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Signature': SIGNATURE,
    ...over,
  };
  return `${origin}${path}?${new URLSearchParams(query).toString()}`;
};

/** STS, answering each request with the same. */
const stsAnswering = (body: string, status = 200) => {
  const asked: { readonly url: string; readonly init: RequestInit | undefined }[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    asked.push({ url: input instanceof Request ? input.url : String(input), init });
    return new Response(body, { status });
  };
  return { asked, fetch };
};

const subject = proofSubject('approve', 'plan-0123456789abcdef');
const noon = () => new Date('2026-11-20T12:00:00Z');
const prove = (proof: string, fetch: typeof globalThis.fetch) =>
  verifyIdentityProof(proof, subject, { stsOrigins: [STS], fetch, now: noon });

describe('a proof', () => {
  test.each([
    ['JSON', JSON_ANSWER],
    ['XML', XML_ANSWER],
  ])('a proof names the caller that STS names in %s', async (_, answer) => {
    const { fetch, asked } = stsAnswering(answer);
    await expect(prove(proofAt(STS), fetch)).resolves.toEqual({
      arn: ARN,
      accountId: ACCOUNT,
      signature: SIGNATURE,
    });
    expect(asked.map(({ url }) => url)).toEqual([proofAt(STS)]);
  });

  test('a proof is sent with its signed header, so that STS refuses it for another subject', async () => {
    const seen: IncomingMessage[] = [];
    const origin = await serve((request, response) => {
      seen.push(request);
      response.end(JSON_ANSWER);
    });
    await expect(
      verifyIdentityProof(proofAt(origin), subject, { stsOrigins: [origin], now: noon }),
    ).resolves.toMatchObject({
      arn: ARN,
    });
    expect(seen.map(({ headers }) => [headers[PROOF_HEADER], headers.accept])).toEqual([
      ['approve:plan-0123456789abcdef', 'application/json'],
    ]);
  });

  test.each([
    ['that is not a URL', 'trust me', 'not a request to STS'],
    [
      'for a host that is not STS',
      proofAt('https://sts.eu-west-1.amazonaws.com.example.org'),
      'not a request',
    ],
    ['for STS on another port', proofAt(`${STS}:8443`), 'not a request to STS'],
    ['for STS over plain HTTP', proofAt(STS.replace('https', 'http')), 'not a request to STS'],
    ['for STS in another Region', proofAt('https://sts.us-east-1.amazonaws.com'), 'not a request to STS'],
    ['for another path', proofAt(STS, {}, '/other'), 'not a GetCallerIdentity request'],
    ['for another action', proofAt(STS, { Action: 'AssumeRole' }), 'not a GetCallerIdentity request'],
    [
      'that signs no header',
      proofAt(STS, { 'X-Amz-SignedHeaders': 'host' }),
      `the header ${PROOF_HEADER} is not signed`,
    ],
    [
      'that signs a header with a longer name',
      proofAt(STS, { 'X-Amz-SignedHeaders': `host;${PROOF_HEADER}-2` }),
      'is not signed',
    ],
    [
      'without a list of signed headers',
      `${STS}/?Action=GetCallerIdentity&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=${SIGNATURE}`,
      'is not signed',
    ],
    ['without a signature', proofAt(STS, { 'X-Amz-Signature': '' }), 'exactly one signature'],
    ['with two signatures', `${proofAt(STS)}&X-Amz-Signature=${SIGNATURE}`, 'exactly one signature'],
    ['with a parameter in two cases', `${proofAt(STS)}&x-amz-signature=1`, 'exactly one signature'],
    ['with two actions', `${proofAt(STS)}&Action=AssumeRole`, 'exactly one signature'],
    ['of a short signature', proofAt(STS, { 'X-Amz-Signature': 'f00d' }), 'exactly one signature'],
    [
      'of another algorithm',
      proofAt(STS, { 'X-Amz-Algorithm': 'AWS4-ECDSA-P256-SHA256' }),
      'of AWS4-HMAC-SHA256',
    ],
  ])('a proof %s is refused without a call of STS', async (_, proof, message) => {
    const { fetch, asked } = stsAnswering(JSON_ANSWER);
    await expect(prove(proof, fetch)).rejects.toMatchObject({
      kind: 'permanent',
      code: 'not-proven',
      message: expect.stringContaining(message) as string,
    });
    expect(asked).toEqual([]);
  });

  test.each([
    [
      'of STS',
      stsAnswering(
        `<Error><Code>SignatureDoesNotMatch</Code><Message>${SIGNATURE} is not it</Message></Error>`,
        403,
      ).fetch,
    ],
    ['of the network', () => Promise.reject(new Error('no route', { cause: new Error(proofAt(STS)) }))],
  ])('an error %s does not repeat the proof', async (_, fetch) => {
    const error: unknown = await prove(proofAt(STS), fetch).catch((thrown: unknown) => thrown);
    expect(inspect(error)).toContain('dentity proof');
    expect(inspect(error)).not.toContain(SIGNATURE);
  });

  test('a proof that STS refuses is refused with the reason of STS', async () => {
    const expired = `<Error>\n  <Code>SignatureDoesNotMatch</Code>\n  <Message>Signature expired</Message>\n</Error>`;
    const { fetch } = stsAnswering(expired, 403);
    await expect(prove(proofAt(STS), fetch)).rejects.toMatchObject({
      kind: 'permanent',
      code: 'not-proven',
      message: expect.stringMatching(/\(403\).*Signature expired/) as string,
    });
  });

  test.each([
    ['five minutes ago', '20261120T115500Z'],
    ['in five minutes, by a clock that is ahead', '20261120T120500Z'],
  ])('a proof made %s is valid', async (_, date) => {
    const proof = proofAt(STS, { 'X-Amz-Date': date });
    await expect(prove(proof, stsAnswering(JSON_ANSWER).fetch)).resolves.toMatchObject({ arn: ARN });
  });

  test.each([
    ['more than five minutes ago', '20261120T115459Z', '2026-11-20T11:54:59.000Z'],
    ['more than five minutes ahead', '20261120T120501Z', '2026-11-20T12:05:01.000Z'],
    ['at an unreadable time', 'today', 'an unknown time'],
    ['on a day that does not exist', '20261399T120000Z', 'an unknown time'],
  ])('a proof made %s is refused with both times, without a call of STS', async (_, date, signed) => {
    const { fetch, asked } = stsAnswering(JSON_ANSWER);
    await expect(prove(proofAt(STS, { 'X-Amz-Date': date }), fetch)).rejects.toMatchObject({
      kind: 'permanent',
      code: 'not-proven',
      message: `Invalid identity proof: signed at ${signed}, checked at 2026-11-20T12:00:00.000Z. It is valid for 5 minutes. Set your clock and make a new one.`,
    });
    expect(asked).toEqual([]);
  });

  test.each([
    ['no caller', '{}'],
    ['no account', `<Arn>${ARN}</Arn>`],
    ['an invalid account', `<Arn>${ARN}</Arn><Account>12345</Account>`],
    ['nothing', ''],
  ])('a proof is refused when STS names %s', async (_, answer) => {
    await expect(prove(proofAt(STS), stsAnswering(answer).fetch)).rejects.toMatchObject({
      kind: 'permanent',
      code: 'not-proven',
    });
  });
});

describe('STS that cannot be asked is a transient fault', () => {
  test.each([500, 503])('STS that answers %d is a transient fault', async (status) => {
    await expect(prove(proofAt(STS), stsAnswering('busy', status).fetch)).rejects.toMatchObject({
      kind: 'transient',
      code: 'sts-unreachable',
    });
  });

  test.each([
    [
      'XML',
      400,
      '<ErrorResponse><Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>',
    ],
    ['JSON', 400, '{"Error":{"Code":"ThrottlingException","Message":"Rate exceeded"}}'],
    ['only the status', 429, ''],
    ['a time-out', 408, ''],
  ])('throttling by STS is a transient fault, when %s reports it', async (_, status, body) => {
    await expect(prove(proofAt(STS), stsAnswering(body, status).fetch)).rejects.toMatchObject({
      kind: 'transient',
      code: 'sts-unreachable',
    });
  });

  test('a network fault on the way to STS is transient', async () => {
    const cause = new Error('connect ECONNREFUSED');
    const fetch = () => Promise.reject(new TypeError('fetch failed', { cause }));
    await expect(prove(proofAt(STS), fetch)).rejects.toMatchObject({
      kind: 'transient',
      code: 'sts-unreachable',
      message: expect.stringContaining('ECONNREFUSED') as string,
    });
  });

  test('a connection that breaks in the middle of the answer of STS is a transient fault', async () => {
    const origin = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write(JSON_ANSWER.slice(0, 20), () => response.destroy());
    });
    await expect(
      verifyIdentityProof(proofAt(origin), subject, { stsOrigins: [origin], now: noon }),
    ).rejects.toMatchObject({
      kind: 'transient',
      code: 'sts-unreachable',
    });
  });
});

test('a redirect of STS is not followed', async () => {
  const paths: (string | undefined)[] = [];
  const origin = await serve((request, response) => {
    paths.push(request.url?.split('?')[0]);
    if (request.url === '/elsewhere') response.end(JSON_ANSWER);
    else response.writeHead(302, { location: '/elsewhere' }).end();
  });
  await expect(
    verifyIdentityProof(proofAt(origin), subject, { stsOrigins: [origin], now: noon }),
  ).rejects.toBeInstanceOf(Error);
  expect(paths).toEqual(['/']);
});
