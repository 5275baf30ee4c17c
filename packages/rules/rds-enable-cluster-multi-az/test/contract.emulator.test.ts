import { describeRuleContract } from '@compliance/core/testing';
import { GONE_CLUSTER, cluster, clusterItem } from '@compliance/rds/testing';

import { rule } from '../src/rule.ts';

describeRuleContract(rule, {
  compliant: {
    'an Aurora cluster with instances in two zones': cluster(['a', 'b']),
    'a serverless cluster with instances in two zones': cluster(['a', 'b'], {
      ServerlessV2ScalingConfiguration: { MinCapacity: 0.5, MaxCapacity: 2 },
    }),
  },
  nonCompliant: {},
  manual: {
    'an Aurora cluster with one instance': cluster(['a']),
    'an Aurora cluster with two instances in one zone': cluster(['a', 'a']),
    'a cluster without an instance': cluster([]),
  },
  notApplicable: { 'a cluster of Neptune': cluster([], { Engine: 'neptune', EngineVersion: '1.3.2.1' }) },
  item: clusterItem,
  gone: GONE_CLUSTER,
});
