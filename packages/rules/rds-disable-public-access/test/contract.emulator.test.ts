import { describeRuleContract } from '@compliance/core/testing';
import { GONE_INSTANCE, cluster, instance, instanceItem, member } from '@compliance/rds/testing';

import { rule } from '../src/rule.ts';

const PUBLIC = { PubliclyAccessible: true };

describeRuleContract(rule, {
  compliant: { 'a private instance': instance({ PubliclyAccessible: false }) },
  nonCompliant: {
    'a public instance': instance(PUBLIC),
    'a public instance of an Aurora cluster, beside a private one': async (admin) => {
      await cluster(['a'])(admin);
      return member('shop-1', PUBLIC)(admin);
    },
  },
  manual: {
    'a public instance of a Multi-AZ cluster': async (admin) => {
      await cluster([], { Engine: 'mysql' })(admin);
      return member('shop-1', { Engine: 'mysql', ...PUBLIC })(admin);
    },
  },
  notApplicable: {
    'an instance of Neptune': instance({ Engine: 'neptune', EngineVersion: '1.3.2.1', ...PUBLIC }),
  },
  item: instanceItem,
  gone: GONE_INSTANCE,
});
