import { AccountId, type EditStep, type Json } from '@compliance/core/rule';
import { awsError, fakeSession } from '@compliance/core/testing';
import { definePolicyDocument, parsePolicy } from '@compliance/policy-document';
import { describe, expect, test } from 'vitest';

import { restrictPublicPolicies } from '../src/restrict-public-policies.ts';

const OPEN = { Sid: 'Open', Effect: 'Allow', Principal: '*', Action: 'box:Read', Resource: '*' };
const OURS = { Sid: 'Ours', Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: '*', Resource: '*' };
const textOf = (...Statement: Json[]) => JSON.stringify({ Version: '2012-10-17', Statement });

/** A stateful fake of a service that stores a policy per box. */
const boxes = new Map<string, string | undefined>();
const document = definePolicyDocument({
  kind: 'box/policy',
  read: async (id) => boxes.get(id),
  write: async (id, text) => {
    boxes.set(id, text);
  },
  remove: async (id) => {
    boxes.set(id, undefined);
  },
});
const ruleOf = (ifEmptied?: () => ReturnType<typeof parsePolicy>) =>
  restrictPublicPolicies({
    command: 'BOX_RESTRICT_PUBLIC_POLICIES',
    noun: 'a box',
    resourceType: 'AWS::Example::Box',
    triggers: ['schedule'],
    permissions: { list: [], get: [], fix: [], undo: [] },
    document,
    furtherKeys: ['box:owner'],
    read: async (id, admin) => {
      if (!boxes.has(id)) throw awsError('NoSuchBox');
      const key = { key: id, policy: await document.read(id, admin) };
      return { policies: [key], ...(id === 'sealed' && { refusal: 'Ask the owner of the box.' }) };
    },
    gone: ['NoSuchBox'],
    list: async function* () {
      yield* boxes.keys();
    },
    inCode: { terraform: 'aws_box_policy: policy' },
    ...(ifEmptied && { ifEmptied }),
  });
const rule = ruleOf();
const session = fakeSession({ allow: [], answers: [] });
const accountId = AccountId.parse('111122223333');
const context = {
  parameters: {},
  accountId,
  region: 'eu-west-1',
  partition: 'aws',
  now: new Date('2026-11-20T12:00:00Z'),
};
const observed = async (id: string, text: string | undefined, of = rule) => {
  boxes.set(id, text);
  const resource = { resourceType: 'AWS::Example::Box', resourceId: id };
  const observation = await of.observe.get(resource, { session });
  if (!observation?.handles) throw new Error('Expected the fake box.');
  const { facts, handles } = observation;
  const verdict = of.judge(facts, context);
  return { verdict, fix: () => of.fix?.({ ...context, resource, facts, handles }) };
};

describe('judge', () => {
  test.for([
    ['has no policy', undefined],
    ['lets in its account', textOf(OURS)],
    ['lets in a service, for any account', textOf({ ...OPEN, Principal: { Service: 'sns.amazonaws.com' } })],
    [
      'compares the key of its service',
      textOf({ ...OPEN, Condition: { StringEquals: { 'box:Owner': 'me' } } }),
    ],
  ] as const)('a resource that %s is COMPLIANT', async ([, text]) => {
    expect((await observed('a', text)).verdict).toEqual({ complianceType: 'COMPLIANT' });
  });

  test.for([
    ['an open statement', [OPEN], 'Statement Open lets everybody call box:Read.'],
    [
      'a statement for all but one',
      [{ ...OPEN, Principal: undefined, NotPrincipal: { AWS: '1' } }],
      'Statement Open lets everybody call box:Read.',
    ],
    [
      'any address',
      [{ ...OPEN, Condition: { IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } } }],
      'Statement Open lets everybody call box:Read.',
    ],
    [
      'no Sid and NotAction',
      [{ ...OPEN, Sid: undefined, Action: undefined, NotAction: 'box:Delete' }],
      'A statement without Sid lets everybody call all but box:Delete.',
    ],
    [
      'many actions',
      [{ ...OPEN, Action: ['box:A', 'box:B', 'box:C'] }],
      'Statement Open lets everybody call box:A, box:B and more.',
    ],
    [
      'three open statements',
      [OPEN, { ...OPEN, Sid: 'B' }, OURS, { ...OPEN, Sid: 'C' }],
      'Statement Open lets everybody call box:Read; so do 2 more.',
    ],
  ] as const)('%s is named', async ([, statements, annotation]) => {
    const text = JSON.stringify({ Statement: statements });
    expect((await observed('a', text)).verdict).toEqual({ complianceType: 'NON_COMPLIANT', annotation });
  });

  test('the annotation stays within the limit of AWS Config', async () => {
    const long = {
      ...OPEN,
      Sid: 'S'.repeat(200),
      Action: ['a', 'b', 'c'].map((one) => `box:${one.repeat(200)}`),
    };
    const { verdict } = await observed('a', textOf(long, OPEN));
    expect('annotation' in verdict && verdict.annotation.length).toBeLessThanOrEqual(250);
  });
});

describe('fix', () => {
  const edited = async (text: string, of = rule) => {
    const fix = (await observed('a', text, of)).fix();
    const [step] = fix && 'steps' in fix ? fix.steps : [];
    return (step as EditStep).apply(parsePolicy(text));
  };

  test('what lets everybody in goes, and the rest stays as it is written', async () => {
    expect(await edited(textOf(OPEN, OURS))).toEqual(parsePolicy(textOf(OURS)));
  });

  test('the account stays in a statement that it shares with everybody', async () => {
    const shared = { ...OPEN, Principal: { AWS: ['*', '111122223333'] } };
    expect(await edited(textOf(shared))).toEqual(
      parsePolicy(textOf({ ...OPEN, Principal: { AWS: ['111122223333'] } })),
    );
  });

  test('a service that cannot be without a policy gives its own in place of an empty one', async () => {
    const standard = parsePolicy(textOf(OURS));
    expect(
      await edited(
        textOf(OPEN),
        ruleOf(() => standard),
      ),
    ).toEqual(standard);
    expect(await edited(textOf(OPEN))).toMatchObject({ Statement: [] });
  });

  test('is left to a person where the service says so', async () => {
    expect((await observed('sealed', textOf(OPEN))).fix()).toEqual({ manual: 'Ask the owner of the box.' });
  });

  test('names the statement in the plan', async () => {
    expect((await observed('a', textOf(OPEN))).fix()).toMatchObject({
      risk: 'disruptive',
      description: 'Close the policy of a box to everybody. Statement Open lets everybody call box:Read',
    });
  });
});

test('a resource that is gone is observed as gone', async () => {
  const gone = { resourceType: 'AWS::Example::Box', resourceId: 'gone' };
  await expect(rule.observe.get(gone, { session })).resolves.toBeUndefined();
});
