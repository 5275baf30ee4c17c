import type { Json } from '@compliance/core/rule';
import { fakeSession } from '@compliance/core/testing';
import { describe, expect, test } from 'vitest';

import { parsePolicy } from '../src/parse-policy.ts';
import {
  definePolicyDocument,
  withStatement,
  withoutPublicAccess,
  withoutStatements,
} from '../src/policy-edit.ts';
import { isPublic } from '../src/public-access.ts';

const OPEN = { Sid: 'Open', Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: '*' };
const OURS: Json = { Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: ['s3:*'], Resource: '*' };
const policyOf = (...Statement: Json[]) => parsePolicy({ Version: '2008-10-17', Id: 'mine', Statement });

describe('an edit', () => {
  test('removes the statements that it selects and keeps the others as they are written', () => {
    expect(withoutStatements(policyOf(OPEN, OURS), isOpen)).toEqual(policyOf(OURS));
  });

  test('leaves nothing of a policy without statements, neither its Id nor its Version', () => {
    expect(withoutStatements(policyOf(OPEN), isOpen)).toEqual({ Version: '2012-10-17', Statement: [] });
  });

  test.for([
    ['everybody', '*', []],
    ['everybody with an account', { AWS: '*' }, []],
    ['everybody and the account', { AWS: ['*', '111122223333'] }, [{ AWS: ['111122223333'] }]],
    ['everybody and a service', { AWS: '*', Service: 'a.aws' }, [{ Service: 'a.aws' }]],
    ['any canonical user', { CanonicalUser: '*' }, []],
    ['one account', { AWS: '111122223333' }, [{ AWS: '111122223333' }]],
  ] as const)('closes a statement for %s and keeps the others that it names', ([, Principal, kept]) => {
    const policy = parsePolicy({ Statement: [OURS, { ...OPEN, Principal }] });
    const principals = withoutPublicAccess(policy).Statement.slice(1);
    expect(principals).toEqual(kept.map((named) => ({ ...OPEN, Principal: named })));
  });

  test('removes a statement for all but a few', () => {
    const { Principal: _, ...open } = OPEN;
    const policy = parsePolicy({ Statement: [OURS, { ...open, NotPrincipal: { AWS: '111122223333' } }] });
    expect(withoutPublicAccess(policy).Statement).toEqual([OURS]);
  });

  test('adds a statement, and replaces it when it is there', () => {
    const closed = { Sid: 'Open', Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*' };
    expect(withStatement(policyOf(OURS), closed)).toEqual(policyOf(OURS, closed));
    expect(withStatement(policyOf(OPEN, OURS), closed)).toEqual(policyOf(OURS, closed));
  });
});

const isOpen = (statement: Parameters<typeof isPublic>[0]) => isPublic(statement);

describe('the document', () => {
  /** A stateful fake of a service that stores a policy per key, and refuses one without statements. */
  const store = (stored: Map<string, string>) =>
    definePolicyDocument({
      kind: 'example/policy',
      read: async (key) => stored.get(key),
      write: async (key, text) => {
        if (parsePolicy(text).Statement.length === 0) throw new Error('MalformedPolicy');
        stored.set(key, text);
      },
      remove: async (key) => {
        stored.delete(key);
      },
    });
  const session = fakeSession({ allow: [], answers: [] });

  test('is absent where the resource has no policy', async () => {
    await expect(store(new Map()).read('a', session)).resolves.toBeUndefined();
  });

  test('is written as it is read', async () => {
    const stored = new Map([['a', JSON.stringify(policyOf(OPEN, OURS))]]);
    const document = store(stored);
    await document.write('b', (await document.read('a', session)) ?? document.defaults, session);
    expect(stored.get('b')).toBe(stored.get('a'));
  });

  test('is removed when its last statement is, and no other document is', async () => {
    const stored = new Map(['a', 'b'].map((key) => [key, JSON.stringify(policyOf(OPEN))]));
    const document = store(stored);
    await document.write('a', withoutStatements(policyOf(OPEN), isOpen), session);
    expect([...stored.keys()]).toEqual(['b']);
  });
});
