import { PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';

import { AccountId } from '../../src/base/account-id.ts';
import { call, change, edit, undoCall, type Change, type Step } from '../../src/rule/change.ts';
import type { Rule } from '../../src/rule/rule.ts';
import { nonCompliant } from '../../src/rule/verdict.ts';
import { planFix, type Violation } from '../../src/plan/plan-fix.ts';
import { Plan } from '../../src/plan/plan.ts';
import { exampleRule } from '../../src/testing/example-rule.ts';
import { fakeSession } from '../../src/testing/fake-session.ts';
import { fakePasswordPolicy } from '../fake-password-policy.ts';
import { omit } from '../omit.ts';

const session = fakeSession({ allow: [], answers: [] });
const accountId = AccountId.parse('111122223333');
const violationOf = (over: Partial<Violation> = {}): Violation => ({
  rule: exampleRule,
  resource: { resourceType: 'AWS::S3::Bucket', resourceId: 'logs' },
  observation: { facts: { status: 'Off' } },
  verdict: nonCompliant('Versioning is Off.'),
  judgeContext: {
    parameters: { suspendedIsFine: false },
    accountId,
    region: 'eu-west-1',
    partition: 'aws',
    now: new Date('2026-11-20'),
  },
  ...over,
});
const planOf = async (over: Partial<Violation> = {}) => {
  const planned = await planFix(violationOf(over), session);
  if ('manual' in planned) throw new Error(planned.manual);
  return planned.plan;
};
const ruleWith = (...steps: Step[]): Rule => ({
  ...exampleRule,
  fix: () => change({ description: 'Fix it', risk: 'disruptive', steps }),
});
const put = (input: object, options: Partial<Parameters<typeof call>[3]> = {}) =>
  call(S3Client, PutBucketVersioningCommand, input as { Bucket: string; VersioningConfiguration: object }, {
    undo: { impossible: 'For the test.' },
    ...options,
  });

describe('planFix', () => {
  test('a plan holds the exact calls and their undo; nothing is called', async () => {
    const versioning = (Status: string) => ({ Bucket: 'logs', VersioningConfiguration: { Status } });
    await expect(planOf()).resolves.toEqual({
      id: expect.stringMatching(/^plan-[0-9a-f]{16}$/) as string,
      command: 'EXAMPLE_KEEP_VERSIONS',
      accountId,
      region: 'eu-west-1',
      resource: { resourceType: 'AWS::S3::Bucket', resourceId: 'logs' },
      facts: { status: 'Off' },
      annotation: 'Versioning is Off.',
      description: 'Turn versioning on for logs',
      risk: 'safe',
      steps: [
        {
          type: 'call',
          operation: 's3:PutBucketVersioning',
          input: versioning('Enabled'),
          undo: { operation: 's3:PutBucketVersioning', input: versioning('Suspended') },
        },
      ],
      undoLeaves: { status: 'Suspended' },
      inCode: {
        terraform: 'aws_s3_bucket_versioning: versioning_configuration { status = "Enabled" }',
      },
    });
    expect(session.sent).toEqual([]);
  });

  test('a plan survives JSON, as the state table stores it', async () => {
    const plan = await planOf();
    expect(Plan.parse(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
  });

  test('the plan of an edit reads the live document and writes nothing', async () => {
    const { document, state } = fakePasswordPolicy({ MinimumPasswordLength: 8 });
    const step = edit(document, (policy) => ({ ...(policy as object), MinimumPasswordLength: 14 }));
    await expect(planOf({ rule: ruleWith(step) })).resolves.toMatchObject({
      steps: [
        {
          type: 'edit',
          document: 'iam/password-policy',
          absent: false,
          difference: [{ path: ['MinimumPasswordLength'], before: 8, after: 14 }],
        },
      ],
    });
    expect(state.writes).toBe(0);
  });

  test('a plan distinguishes an undo that depends on the answer from an impossible one', async () => {
    const input = { Bucket: 'a' };
    const steps = [
      put(input, {
        undo: () =>
          undoCall(S3Client, PutBucketVersioningCommand, { Bucket: 'a', VersioningConfiguration: {} }),
      }),
      put(input, { undo: { impossible: 'Gone is gone.' } }),
    ];
    await expect(planOf({ rule: ruleWith(...steps) })).resolves.toMatchObject({
      steps: [{ undo: { afterAnswer: true } }, { undo: { impossible: 'Gone is gone.' } }],
    });
  });

  test('a fix that a rule leaves to a person is manual', async () => {
    const rule: Rule = { ...exampleRule, fix: () => ({ manual: 'Ask the owner.' }) };
    await expect(planFix(violationOf({ rule }), session)).resolves.toEqual({ manual: 'Ask the owner.' });
    const without = omit(exampleRule, 'fix');
    await expect(
      planFix(violationOf({ rule: { ...without, guidance: 'Turn it on.' } }), session),
    ).resolves.toEqual({
      manual: 'Turn it on.',
    });
  });
});

describe('the id of a plan', () => {
  const planned: Change = { description: 'Fix it', risk: 'safe', steps: [put({ Bucket: 'logs' })] };
  /** A rule whose change differs in these members alone. */
  const ruleWithChange = (over: Partial<Change>): Rule => ({
    ...exampleRule,
    fix: () => change({ ...planned, ...over }),
  });
  const { judgeContext: context } = violationOf();
  test.each<[string, Partial<Change>]>([
    ['the description', { description: 'Another text' }],
    ['the risk', { risk: 'irreversible' }],
    ['what an undo leaves', { undoLeaves: { status: 'Off' } }],
    ['the change in code', { inCode: { terraform: 'another' } }],
  ])('the id of a plan depends on %s, which is shown', async (_, over) => {
    const { id } = await planOf({ rule: ruleWithChange({}) });
    expect((await planOf({ rule: ruleWithChange(over) })).id).not.toBe(id);
  });

  test.each<[string, Partial<Violation>]>([
    ['the time', { judgeContext: { ...context, now: new Date('2030-01-01') } }],
    [
      'tags and names',
      { resource: { ...violationOf().resource, resourceName: 'x', arn: 'y', tags: { a: 'b' } } },
    ],
    ['the handles', { observation: { facts: { status: 'Off' }, handles: { ruleIds: ['sgr-1'] } } }],
    ['the order of keys', { rule: ruleWith(put({ VersioningConfiguration: {}, Bucket: 'logs' })) }],
  ])('the id of a plan does not depend on %s', async (name, over) => {
    const base =
      name === 'the order of keys'
        ? { rule: ruleWith(put({ Bucket: 'logs', VersioningConfiguration: {} })) }
        : {};
    expect((await planOf(over)).id).toBe((await planOf(base)).id);
  });

  test.each<[string, Partial<Violation>]>([
    ['the account', { judgeContext: { ...context, accountId: AccountId.parse('444455556666') } }],
    ['the Region', { judgeContext: { ...context, region: 'us-east-1' } }],
    ['the command', { rule: { ...exampleRule, command: 'OTHER_COMMAND' } }],
    ['the resource', { resource: { ...violationOf().resource, resourceType: 'AWS::S3::AccessPoint' } }],
    ['the facts', { observation: { facts: { status: 'Suspended' } } }],
    ['the steps', { rule: ruleWith(put({ Bucket: 'logs' })) }],
    ['the text of the verdict', { verdict: nonCompliant('Another text.') }],
  ])('the id of a plan depends on %s', async (_, over) => {
    expect((await planOf(over)).id).not.toBe((await planOf()).id);
  });

  test('the id of a plan depends on the document to edit', async () => {
    const ids = await Promise.all(
      [8, 10].map(async (MinimumPasswordLength) => {
        const { document } = fakePasswordPolicy({ MinimumPasswordLength });
        return (await planOf({ rule: ruleWith(edit(document, () => ({ MinimumPasswordLength: 14 }))) })).id;
      }),
    );
    expect(new Set(ids).size).toBe(2);
  });
});
