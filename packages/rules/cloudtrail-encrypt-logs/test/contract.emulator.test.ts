import { CreateKeyCommand, DisableKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import type { Session } from '@compliance/core';
import { describeRuleContract } from '@compliance/core/testing';
import { trailItem, trailResource, trailsExcept } from '@compliance/trails/testing';

import { rule } from '../src/rule.ts';

const trailWithKey =
  ({ disabled = false } = {}) =>
  async (admin: Session) => {
    const kms = admin.client(KMSClient);
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
    const KeyId = KeyMetadata?.KeyId;
    if (disabled) await kms.send(new DisableKeyCommand({ KeyId }));
    return trailResource({ KmsKeyId: KeyMetadata?.Arn })(admin);
  };

const missing = (admin: Session) =>
  trailResource({
    KmsKeyId: `arn:aws:kms:${admin.region}:${admin.accountId}:key/00000000-0000-4000-8000-000000000000`,
  })(admin);

describeRuleContract(rule, {
  // The emulator does not check a key that is set. One of another account may not be described, as in AWS.
  parameters: { kmsKeyArn: 'arn:{partition}:kms:eu-west-1:999988887777:key/central' },
  compliant: { 'a trail with a key': trailWithKey() },
  nonCompliant: { 'a trail without a key': trailResource() },
  manual: {
    'a trail whose key is disabled': trailWithKey({ disabled: true }),
    'a trail whose key is deleted': missing,
    'a trail of the organization without a key': trailResource({ IsOrganizationTrail: true }),
  },
  item: trailItem,
  untouched: trailsExcept('KmsKeyId'),
  gone: { resourceType: 'AWS::CloudTrail::Trail', resourceId: 'no-such-trail' },
});
