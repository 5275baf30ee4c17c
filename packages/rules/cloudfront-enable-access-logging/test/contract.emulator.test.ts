import {
  CloudFrontClient,
  CreateDistributionCommand,
  GetDistributionConfigCommand,
  type LoggingConfig,
} from '@aws-sdk/client-cloudfront';
import {
  CloudWatchLogsClient,
  CreateDeliveryCommand,
  CreateLogGroupCommand,
  PutDeliveryDestinationCommand,
  PutDeliverySourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Resource, Session } from '@compliance/core';
import { describeRuleContract } from '@compliance/core/testing';

import { rule } from '../src/rule.ts';

const off: LoggingConfig = { Enabled: false, IncludeCookies: false, Bucket: '', Prefix: '' };
const on: LoggingConfig = { ...off, Enabled: true, Bucket: 'elsewhere.s3.amazonaws.com' };

/** A distribution with a comment and a secret header for its origin. */
const distribution =
  (Logging: LoggingConfig | undefined = off, realTime = false) =>
  async (admin: Session): Promise<Resource> => {
    const { Distribution } = await admin.client(CloudFrontClient).send(
      new CreateDistributionCommand({
        DistributionConfig: {
          CallerReference: 'one',
          Comment: 'shop',
          Enabled: true,
          Origins: {
            Quantity: 1,
            Items: [
              {
                Id: 'origin',
                DomainName: 'shop.example.com',
                CustomHeaders: {
                  Quantity: 1,
                  Items: [{ HeaderName: 'x-secret', HeaderValue: 'known to the origin' }],
                },
                CustomOriginConfig: { HTTPPort: 80, HTTPSPort: 443, OriginProtocolPolicy: 'https-only' },
              },
            ],
          },
          DefaultCacheBehavior: {
            TargetOriginId: 'origin',
            ViewerProtocolPolicy: 'https-only',
            ...(realTime && {
              RealtimeLogConfigArn: 'arn:aws:cloudfront::111122223333:realtime-log-config/a',
            }),
          },
          Logging,
        },
      }),
    );
    return { resourceType: 'AWS::CloudFront::Distribution', resourceId: Distribution?.Id ?? '' };
  };

/** A distribution whose log CloudWatch Logs would deliver, if there were a delivery. */
const withSource =
  (delivered: boolean) =>
  async (admin: Session): Promise<Resource> => {
    const resource = await distribution()(admin);
    const client = admin.at('us-east-1').client(CloudWatchLogsClient);
    const account = admin.accountId;
    await client.send(
      new PutDeliverySourceCommand({
        name: 'shop',
        logType: 'ACCESS_LOGS',
        resourceArn: `arn:aws:cloudfront::${account}:distribution/${resource.resourceId}`,
      }),
    );
    await client.send(new CreateLogGroupCommand({ logGroupName: 'shop' }));
    const { deliveryDestination } = await client.send(
      new PutDeliveryDestinationCommand({
        name: 'shop',
        deliveryDestinationConfiguration: {
          destinationResourceArn: `arn:aws:logs:us-east-1:${account}:log-group:shop`,
        },
      }),
    );
    if (delivered)
      await client.send(
        new CreateDeliveryCommand({
          deliverySourceName: 'shop',
          deliveryDestinationArn: deliveryDestination?.arn,
        }),
      );
    return resource;
  };

describeRuleContract(rule, {
  parameters: { logBucket: 'cloudfront-logs-{accountId}.s3.amazonaws.com', logPrefix: 'shop' },
  compliant: {
    'a distribution with standard logs to a bucket': distribution(on),
    'a distribution whose logs CloudWatch Logs delivers': withSource(true),
  },
  nonCompliant: {
    'a distribution without logs': distribution(),
    'a distribution with real-time logs alone': distribution(off, true),
    'a distribution that is a source without a delivery': withSource(false),
  },
  untouched: async ({ resourceId: Id }, admin) => {
    const { DistributionConfig } = await admin
      .client(CloudFrontClient)
      .send(new GetDistributionConfigCommand({ Id }));
    return { ...DistributionConfig, Logging: undefined };
  },
  gone: { resourceType: 'AWS::CloudFront::Distribution', resourceId: 'EDFDVBD6EXAMPLE' },
});
