import { describe, expect, test } from 'vitest';

import { exclusionReason, managedAsCodeReason } from '../../src/settings/exclusions.ts';
import { parseSettings } from '../../src/settings/settings.ts';
import { settingsWith } from '../../src/testing/settings-with.ts';

const settings = parseSettings(settingsWith({ exclusions: ['legacy-*'] }));
const bucket = (over: object) => ({ resourceType: 'AWS::S3::Bucket', resourceId: 'logs', ...over });

describe('exclusionReason', () => {
  test.each<[object, boolean]>([
    [{}, false],
    [{ resourceId: 'aws-controltower-logs-111122223333' }, true],
    [{ resourceId: 'my-aws-controltower-copy' }, false],
    [{ resourceName: 'AWSReservedSSO_Admin_1' }, true],
    [{ arn: 'arn:aws:iam::111122223333:role/aws-service-role/config.amazonaws.com/X' }, true],
    [{ resourceId: 'legacy-1' }, true],
  ])('a resource with %j is excluded: %s', (over, excluded) => {
    expect(exclusionReason(bucket(over), settings) !== undefined).toBe(excluded);
  });

  test('the reason of an exclusion names the pattern', () => {
    expect(exclusionReason(bucket({ resourceId: 'legacy-1' }), settings)).toContain('legacy-*');
  });
});

describe('managedAsCodeReason', () => {
  test.each<[Record<string, string> | undefined, boolean]>([
    [undefined, false],
    [{}, false],
    [{ owner: 'a' }, false],
    [{ 'aws:cloudformation:stack-id': 'arn:stack' }, true],
    [{ 'managed-by': 'terraform' }, true],
    [{ 'managed-by': 'hand' }, false],
    [{ terraform: 'true' }, true],
  ])('a resource with tags %j is managed as code: %s', (tags, left) => {
    expect(managedAsCodeReason(tags ? { tags } : {}, settings) !== undefined).toBe(left);
    const enforcing = parseSettings(settingsWith({ infrastructureAsCode: { enforce: true } }));
    expect(managedAsCodeReason(tags ? { tags } : {}, enforcing)).toBeUndefined();
  });
});
