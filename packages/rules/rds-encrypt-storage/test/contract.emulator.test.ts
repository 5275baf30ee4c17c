import { describeRuleContract } from '@compliance/core/testing';
import { GONE_INSTANCE, cluster, instance, instanceItem, member } from '@compliance/rds/testing';

import { rule } from '../src/rule.ts';

describeRuleContract(rule, {
  compliant: {
    'an encrypted instance': instance({ StorageEncrypted: true }),
    'a member of an encrypted Aurora cluster': async (admin) => {
      await cluster([], { StorageEncrypted: true })(admin);
      return member('shop-1')(admin);
    },
  },
  nonCompliant: {},
  manual: { 'an instance that is not encrypted': instance({ StorageEncrypted: false }) },
  notApplicable: {
    'an instance of Neptune': instance({ Engine: 'neptune', EngineVersion: '1.3.2.1' }),
  },
  item: instanceItem,
  gone: GONE_INSTANCE,
});

describeRuleContract(rule, {
  parameters: { kmsKeyArn: 'arn:{partition}:kms:{region}:{accountId}:key/of-databases' },
  compliant: {
    'an instance encrypted with the key of the settings': (admin) =>
      instance({
        StorageEncrypted: true,
        KmsKeyId: `arn:aws:kms:${admin.region}:${admin.accountId}:key/of-databases`,
      })(admin),
  },
  nonCompliant: {},
  manual: {
    'an instance encrypted with another key': instance({ StorageEncrypted: true, KmsKeyId: 'alias/aws/rds' }),
  },
  item: instanceItem,
});
