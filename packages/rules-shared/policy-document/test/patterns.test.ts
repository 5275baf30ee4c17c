import { expect, test } from 'vitest';

import { includes, includesAll, isPatternMatch } from '../src/patterns.ts';

test.for([
  ['*', 's3:GetObject', true],
  ['s3:*', 'S3:getobject', true],
  ['s3:Get*', 's3:PutObject', false],
  ['s3:GetObjec?', 's3:GetObject', true],
  ['s3:GetObject', 's3:GetObjectAcl', false],
  ['arn:aws:s3:::a.b/*', 'arn:aws:s3:::a.b/c', true],
  ['arn:aws:s3:::a.b/*', 'arn:aws:s3:::axb/c', false],
] as const)('the pattern %s matches %s: %s', ([pattern, name, expected]) => {
  expect(isPatternMatch(pattern, name)).toBe(expected);
});

test.for([
  [{ except: false, patterns: ['ec2:*', 's3:*'] }, true],
  [{ except: false, patterns: ['ec2:*'] }, false],
  [{ except: true, patterns: ['ec2:*'] }, true],
  [{ except: true, patterns: ['ec2:*', 's3:*'] }, false],
] as const)('%j includes s3:GetObject: %s', ([patterns, expected]) => {
  expect(includes(patterns, 's3:GetObject')).toBe(expected);
});

test.for([
  [['*'], true],
  [['*:*'], true],
  [['**'], true],
  [['arn:aws:s3:::x', '*'], true],
  [['s3:*'], false],
  [['*Object'], false],
  [[], false],
] as const)('%j includes all: %s', ([patterns, expected]) => {
  expect(includesAll({ except: false, patterns })).toBe(expected);
  expect(includesAll({ except: true, patterns })).toBe(false);
});
