import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { HttpTokensState, InstanceMetadataEndpointState } from '@aws-sdk/client-ec2';
import type { Resource, Session } from '@compliance/core';
import { describeRuleContract } from '@compliance/core/testing';
import { gone, instance, item, terminatedInstance } from '@compliance/ec2-instances/testing';

import { rule } from '../src/rule.ts';

const withOptions = (HttpTokens: HttpTokensState, HttpEndpoint: InstanceMetadataEndpointState = 'enabled') =>
  instance({ MetadataOptions: { HttpTokens, HttpEndpoint, HttpPutResponseHopLimit: 3 } });

const HOUR_MS = 3_600_000;

/** An instance that accepts calls without a token and made this many an hour ago. */
const withCalls =
  (calls: number) =>
  async (admin: Session): Promise<Resource> => {
    const resource = await withOptions('optional')(admin);
    await admin.client(CloudWatchClient).send(
      new PutMetricDataCommand({
        Namespace: 'AWS/EC2',
        MetricData: [
          {
            MetricName: 'MetadataNoToken',
            Dimensions: [{ Name: 'InstanceId', Value: resource.resourceId }],
            Value: calls,
            Timestamp: new Date(Date.now() - HOUR_MS),
          },
        ],
      }),
    );
    return resource;
  };

describeRuleContract(rule, {
  compliant: {
    'an instance that requires tokens': withOptions('required'),
    'an instance without IMDS': withOptions('optional', 'disabled'),
  },
  nonCompliant: { 'an instance that accepts calls without a token and makes none': withCalls(0) },
  notApplicable: { 'a terminated instance': terminatedInstance },
  manual: {
    'an instance that makes calls without a token': withCalls(3),
    'an instance of which CloudWatch has no data': withOptions('optional'),
  },
  item,
  gone,
});

describeRuleContract(rule, {
  parameters: { requireZeroNoTokenUsageDays: null, hopLimit: 2 },
  compliant: {},
  nonCompliant: { 'an instance that makes calls without a token': withCalls(3) },
  item,
});
