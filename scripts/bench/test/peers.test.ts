import { readFile } from 'node:fs/promises';

import { expect, test } from 'vitest';

import { Comparison, COMPARISON_FILE, withComparison } from '../peers/comparison.ts';
import { atHomeOfTrail, callKey, operationOf, type CallHead } from '../peers/replay/recorded.ts';
import { compareVerdicts, type Question } from '../peers/verdicts.ts';

const head = (service: string, region: string, rest: Partial<CallHead> = {}): CallHead => ({
  method: 'POST',
  url: '/',
  ...rest,
  headers: {
    authorization: `AWS4-HMAC-SHA256 Credential=key/20260101/${region}/${service}/aws4_request`,
    ...rest.headers,
  },
});

test('a call has the same key whenever it is made, from whatever port, and with its query in any order', () => {
  const first = callKey(
    head('cloudwatch', 'eu-west-1', { url: '/?b=2&a=1' }),
    'StartTime=2026-01-01&Queue=127.0.0.1:40',
  );
  const later = callKey(
    head('cloudwatch', 'eu-west-1', { url: '/?a=1&b=2' }),
    'StartTime=2026-02-02&Queue=127.0.0.1:41',
  );
  expect(later).toBe(first);
});

test('a call of a regional service has another key in another Region, one of a global service has not', () => {
  const keyIn = (service: string, region: string, url = '/') =>
    callKey(head(service, region, { url }), 'Action=Get');
  expect(keyIn('ec2', 'eu-west-1')).not.toBe(keyIn('ec2', 'eu-central-1'));
  expect(keyIn('iam', 'eu-west-1')).toBe(keyIn('iam', 'us-east-1'));
  expect(keyIn('s3', 'eu-west-1', '/bucket?policy')).not.toBe(keyIn('s3', 'us-east-1', '/bucket?policy'));
  expect(keyIn('s3', 'eu-west-1', '/v20180820/configuration/publicAccessBlock')).toBe(
    keyIn('s3', 'us-east-1', '/v20180820/configuration/publicAccessBlock'),
  );
});

test('a call through a proxy is named by its operation', () => {
  expect(
    operationOf(head('s3', 'eu-west-1', { method: 'GET', url: 'http://1.127.0.0.1:80/path?a=1' }), ''),
  ).toBe('s3:GET /path');
  expect(operationOf(head('iam', 'eu-west-1'), 'Action=GetUser&Version=1')).toBe('iam:GetUser');
});

test("a call about a trail is asked in the trail's Region", () => {
  const body = '{"Name": "arn:aws:cloudtrail:eu-west-1:123456789012:trail/one"}';
  const asked = (region: string) => callKey(atHomeOfTrail(head('cloudtrail', region), body), body);
  expect(asked('eu-central-1')).toBe(asked('eu-west-1'));
});

const bucketQuestion: Question = {
  requirement: '1.1',
  rule: { command: 'RULE', resourceType: 'AWS::S3::Bucket', deploy: 'every-region' },
  checks: ['first', 'second'],
};
const verdict = (of: string, resource: string, passes: boolean) => ({
  of,
  region: 'eu-west-1',
  resource,
  passes,
});

test('verdicts of the same resource are compared, of several checks the worst', () => {
  const { shared, disagreements, onlyOurs, onlyTheirs } = compareVerdicts([bucketQuestion], {
    ours: [verdict('RULE', 'a', true), verdict('RULE', 'arn:aws:s3:::b', false), verdict('RULE', 'c', true)],
    theirs: [
      verdict('first', 'arn:aws:s3:::a', true),
      verdict('second', 'arn:aws:s3:::a', false),
      verdict('first', 'arn:aws:s3:::b', false),
      verdict('first', 'arn:aws:s3:::d', false),
    ],
  });
  expect({ shared, onlyOurs, onlyTheirs }).toEqual({ shared: 2, onlyOurs: 1, onlyTheirs: 1 });
  expect(disagreements).toEqual([{ requirement: '1.1', command: 'RULE', resource: 'a', ours: 'passes' }]);
});

test('a question about the account is asked once, or in each Region where the rule is in each', () => {
  const ask = (deploy: 'every-region' | 'home-region') =>
    compareVerdicts(
      [{ ...bucketQuestion, rule: { command: 'RULE', resourceType: 'AWS::::Account', deploy } }],
      {
        ours: [verdict('RULE', '123456789012', false)],
        theirs: [
          verdict('first', 'arn:x', true),
          { ...verdict('first', 'arn:y', false), region: 'eu-central-1' },
        ],
      },
    );
  expect(ask('home-region').disagreements).toEqual([]);
  expect(ask('every-region').disagreements).toHaveLength(1);
});

const program = { seconds: 100, calls: 2000, requirements: 50, errors: 3 };
const agreement = {
  requirements: 5,
  shared: 1000,
  differences: [{ command: 'RULE', why: 'asks something else', source: 'https://aws.example', count: 10 }],
};
const comparison: Comparison = {
  account: '5 buckets',
  latencyMs: 20,
  cores: 2,
  compliance: { ...program, seconds: 5 },
  withItems: { ...program, calls: 700 },
  prowler: { ...program, version: '1.2', agreement },
  custodian: {
    ...program,
    version: '0.9',
    agreement: { ...agreement, differences: [] },
    same: { ...program, seconds: 4 },
  },
};

test('the comparison replaces what is between its marks, and nothing else', () => {
  const marks = withComparison(
    'before\n<!-- CIS 7.0 of one account: `make bench ONLY=peers` measures it, `make generate` writes it here -->\nold\n<!-- end -->\nafter',
    comparison,
  );
  expect(marks).toMatch(/^before\n<!-- CIS/);
  expect(marks).toMatch(/<!-- end -->\nafter$/);
  expect(marks).not.toContain('old');
  expect(marks).toContain('100 s, 20 × as long');
  expect(marks).toContain('| 700 ');
  expect(marks).toContain('990 of 1,000 shared');
  expect(marks).toContain('- [RULE](https://aws.example), verdicts: 10. Prowler asks something else.');
  expect(withComparison(marks, comparison)).toBe(marks);
});

test('the comparison names the version of each other program, and has no empty one', async () => {
  expect(Comparison.safeParse({ ...comparison, prowler: { ...program, agreement } }).success).toBe(false);
  expect(await readFile(COMPARISON_FILE, 'utf8')).not.toContain('"version": ""');
});

test('a text without marks stays as it is', () => {
  expect(withComparison('text', comparison)).toBe('text');
});
