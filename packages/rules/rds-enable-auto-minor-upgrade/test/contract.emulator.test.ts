import { describeRuleContract } from '@compliance/core/testing';
import { GONE_INSTANCE, cluster, instance, instanceItem, member } from '@compliance/rds/testing';

import { rule } from '../src/rule.ts';

const OFF = { AutoMinorVersionUpgrade: false };

describeRuleContract(rule, {
  compliant: { 'an instance that takes minor versions': instance({ AutoMinorVersionUpgrade: true }) },
  nonCompliant: {
    'an instance that takes no minor versions': instance(OFF),
    'an instance of an Aurora cluster that takes none': async (admin) => {
      await cluster(['a'], OFF)(admin);
      return member('shop-1', OFF)(admin);
    },
    'an instance of a Multi-AZ cluster that takes none, which only its cluster can change': async (admin) => {
      await cluster([], { Engine: 'postgres', ...OFF })(admin);
      return member('shop-1', { Engine: 'postgres', ...OFF })(admin);
    },
  },
  notApplicable: {
    'an instance of Neptune': instance({ Engine: 'neptune', EngineVersion: '1.3.2.1', ...OFF }),
  },
  item: instanceItem,
  gone: GONE_INSTANCE,
});
