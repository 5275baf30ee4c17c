import {
  ElasticLoadBalancingV2Client,
  ModifyLoadBalancerAttributesCommand,
  paginateDescribeLoadBalancers,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { compliant, defineRule, nonCompliant, notApplicable, operation } from '@compliance/core/rule';

import { Facts, observeLoadBalancer, recordedLoadBalancer } from './load-balancer.ts';
import { Parameters, turnOn } from './turn-on.ts';

const TYPE = 'AWS::ElasticLoadBalancingV2::LoadBalancer';
const READS = [
  'elasticloadbalancing:DescribeLoadBalancerAttributes',
  'elasticloadbalancing:DescribeListeners',
];
const WRITES = [
  {
    action: 'elasticloadbalancing:ModifyLoadBalancerAttributes',
    resource: 'arn:*:elasticloadbalancing:*:*:loadbalancer/*',
  },
];

export const rule = defineRule({
  command: 'ELB_ENABLE_ACCESS_LOGGING',
  title: 'Load balancers write access logs',
  rationale:
    'Without them nobody can tell which client sent which request, once an incident has to be explained.',
  severity: 'medium',
  resourceType: TYPE,
  resource: { tagFilter: 'elasticloadbalancing:loadbalancer' },
  deploy: 'every-region',
  triggers: ['change', 'schedule'],
  controls: { 'cis-7.0': ['4.10'], 'aws-fsbp': ['ELB.5'] },
  equivalents: {
    config: ['ELB_LOGGING_ENABLED'],
    securityHub: ['ELB.5'],
    prowler: ['elbv2_logging_enabled'],
    custodian: ['app-elb filter'],
  },
  partly:
    'Classic load balancers. Whether the bucket still exists and admits the logs: Elastic Load Balancing does not say.',
  parameters: Parameters,
  needs: ['logBucket'],
  facts: Facts,
  permissions: {
    list: ['elasticloadbalancing:DescribeLoadBalancers'],
    get: READS,
    fix: WRITES,
    undo: WRITES,
  },

  observe: {
    item: (item) => recordedLoadBalancer(item),
    get: ({ resourceId }, { session }) => observeLoadBalancer(resourceId, session),
    // The attributes are one call for each load balancer anyway.
    list: async function* ({ session }) {
      const client = session.client(ElasticLoadBalancingV2Client);
      for await (const { LoadBalancers = [] } of paginateDescribeLoadBalancers({ client }, {}))
        for (const { LoadBalancerArn, LoadBalancerName = '' } of LoadBalancers)
          if (LoadBalancerArn !== undefined)
            yield {
              resource: {
                resourceType: TYPE,
                resourceId: LoadBalancerArn,
                resourceName: LoadBalancerName,
              },
            };
    },
  },

  judge: ({ type, canLog, enabled }) => {
    if (!canLog)
      return notApplicable(
        type === 'gateway'
          ? 'Gateway load balancers have no access logs.'
          : 'The network load balancer has no TLS listener: it has nothing to log.',
      );
    return enabled ? compliant() : nonCompliant(`The ${type} load balancer writes no access log.`);
  },

  fix: (input) => turnOn(input),

  undo: { operations: [operation(ElasticLoadBalancingV2Client, ModifyLoadBalancerAttributesCommand)] },
});
