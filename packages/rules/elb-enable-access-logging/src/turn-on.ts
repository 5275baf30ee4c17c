import {
  ElasticLoadBalancingV2Client,
  ModifyLoadBalancerAttributesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { call, change, undoCall, type Fix, type Resource } from '@compliance/core/rule';
import * as z from 'zod';

export const Parameters = z.object({
  logBucket: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe(
      'The bucket that takes the logs, in the Region of the load balancer; {accountId} and {region} are replaced. Its policy must admit Elastic Load Balancing. null: a person decides.',
    ),
  logPrefix: z
    .string()
    .regex(/^(?!\/)(?!.*AWSLogs)(?!.*\/$)/, 'must not begin or end with /, nor contain AWSLogs')
    .default('')
    .describe('What the keys of the logs begin with.'),
});

interface Input {
  readonly resource: Resource;
  readonly parameters: z.infer<typeof Parameters>;
}

/** Turns access logs on. The name of a bucket that takes no log stays after an undo. */
export const turnOn = ({
  resource: { resourceId, resourceName },
  parameters: { logBucket, logPrefix },
}: Input): Fix => {
  if (logBucket === null)
    return { manual: 'Set the parameter logBucket to the bucket that takes logs of load balancers.' };
  return change({
    description: `Write the access log of ${resourceName ?? resourceId} to ${logBucket}`,
    risk: 'safe',
    inCode: {
      terraform: `aws_lb: access_logs { bucket = "${logBucket}", enabled = true }`,
      cloudFormation:
        'AWS::ElasticLoadBalancingV2::LoadBalancer: LoadBalancerAttributes: access_logs.s3.enabled, access_logs.s3.bucket',
    },
    steps: [
      call(
        ElasticLoadBalancingV2Client,
        ModifyLoadBalancerAttributesCommand,
        {
          LoadBalancerArn: resourceId,
          Attributes: [
            attribute('enabled', 'true'),
            attribute('bucket', logBucket),
            attribute('prefix', logPrefix),
          ],
        },
        {
          undo: undoCall(
            ElasticLoadBalancingV2Client,
            ModifyLoadBalancerAttributesCommand,
            { LoadBalancerArn: resourceId, Attributes: [attribute('enabled', 'false')] },
            { alreadyDone: ['LoadBalancerNotFoundException'] },
          ),
        },
      ),
    ],
  });
};

const attribute = (name: string, Value: string) => ({ Key: `access_logs.s3.${name}`, Value });
