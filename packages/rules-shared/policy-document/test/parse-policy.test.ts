import { describe, expect, test } from 'vitest';

import { parsePolicy, parseStatement, statementsOf } from '../src/parse-policy.ts';

const ALLOW = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };
const policy = { Version: '2012-10-17', Statement: [ALLOW] };

describe('a policy', () => {
  test.for([
    ['JSON', JSON.stringify(policy)],
    ['JSON after white space', `\n ${JSON.stringify(policy)}`],
    ['URL-encoded JSON', encodeURIComponent(JSON.stringify(policy))],
    ['an object', policy],
    ['an object with a single statement', { ...policy, Statement: ALLOW }],
  ] as const)('is the same as %s', ([, input]) => {
    expect(parsePolicy(input)).toEqual(policy);
  });

  test('in plain JSON keeps percent signs as they are', () => {
    const text = JSON.stringify({ Statement: { ...ALLOW, Resource: 'arn:aws:s3:::b/100%25' } });
    expect(parsePolicy(text)).toEqual({ Statement: [{ ...ALLOW, Resource: 'arn:aws:s3:::b/100%25' }] });
  });

  test('keeps its other members', () => {
    expect(parsePolicy({ ...policy, Id: 'mine' })).toEqual({ ...policy, Id: 'mine' });
  });

  test.for(['', 'no policy', '{"Statement":', '%7B%', '{"Version":"2012-10-17"}', null])(
    'that is malformed is refused: %j',
    (input) => {
      expect(() => parsePolicy(input)).toThrow('Malformed policy');
    },
  );

  test('with a statement without an effect is refused when its statements are read', () => {
    expect(() => statementsOf(parsePolicy({ Statement: [{ Action: '*' }] }))).toThrow('Malformed policy');
  });
});

describe('a statement', () => {
  test('has lists, however it is written', () => {
    const many = { ...ALLOW, Action: ['s3:GetObject'], Resource: ['*'] };
    expect(parseStatement(ALLOW)).toEqual(parseStatement(many));
    expect(parseStatement(ALLOW)).toEqual({
      sid: undefined,
      effect: 'Allow',
      principals: undefined,
      actions: { except: false, patterns: ['s3:GetObject'] },
      resources: { except: false, patterns: ['*'] },
      conditions: [],
    });
  });

  test('has exceptions where it is written with NotAction and NotResource', () => {
    expect(parseStatement({ Effect: 'Allow', NotAction: 'iam:*', NotResource: ['a', 'b'] })).toMatchObject({
      actions: { except: true, patterns: ['iam:*'] },
      resources: { except: true, patterns: ['a', 'b'] },
    });
  });

  test.for([
    ['*', { anyone: true, except: false, aws: ['*'], services: [] }],
    [{ AWS: '*' }, { anyone: true, except: false, aws: ['*'], services: [] }],
    [
      { AWS: ['111122223333', '*'] },
      { anyone: true, except: false, aws: ['111122223333', '*'], services: [] },
    ],
    [{ AWS: '111122223333' }, { anyone: false, except: false, aws: ['111122223333'], services: [] }],
    [
      { Service: 'sns.amazonaws.com' },
      { anyone: false, except: false, aws: [], services: ['sns.amazonaws.com'] },
    ],
    [{ CanonicalUser: '*' }, { anyone: true, except: false, aws: [], services: [] }],
    [{ Federated: 'accounts.google.com' }, { anyone: false, except: false, aws: [], services: [] }],
  ] as const)('for the principal %j is for %j', ([Principal, principals]) => {
    expect(parseStatement(JSON.parse(JSON.stringify({ ...ALLOW, Principal }))).principals).toEqual(
      principals,
    );
  });

  test('for all but some principals is for anyone', () => {
    expect(parseStatement({ ...ALLOW, NotPrincipal: { AWS: '111122223333' } }).principals?.anyone).toBe(true);
  });

  test.for([
    ['StringEquals', 'stringequals', false],
    ['StringEqualsIfExists', 'stringequals', true],
    ['ForAnyValue:StringLike', 'stringlike', false],
    ['ForAllValues:StringLike', 'stringlike', true],
    ['ForAllValues:StringLikeIfExists', 'stringlike', true],
  ] as const)('with the operator %s has the condition %s, optional: %s', ([written, operator, optional]) => {
    const { conditions } = parseStatement({ ...ALLOW, Condition: { [written]: { 'aws:SourceArn': 'arn' } } });
    expect(conditions).toEqual([{ operator, optional, key: 'aws:sourcearn', values: ['arn'] }]);
  });

  test('has the values of its conditions as text', () => {
    const { conditions } = parseStatement({
      ...ALLOW,
      Condition: { Bool: { 'aws:SecureTransport': false }, NumericLessThan: { 's3:max-keys': [10] } },
    });
    expect(conditions.map(({ values }) => values)).toEqual([['false'], ['10']]);
  });
});
