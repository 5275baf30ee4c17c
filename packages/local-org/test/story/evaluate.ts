import {
  ConfigServiceClient,
  GetResourceConfigHistoryCommand,
  PutEvaluationsCommand,
} from '@aws-sdk/client-config-service';

import { memberCredentials } from './member-credentials.ts';

type Versioning = { readonly status: string } | undefined;
interface Item {
  readonly resourceType: 'AWS::S3::Bucket';
  readonly resourceId: string;
  readonly configurationItemStatus: string;
  readonly configurationItemCaptureTime: string;
  readonly supplementaryConfiguration: { readonly BucketVersioningConfiguration?: Versioning };
}
interface InvokingEvent {
  readonly configurationItem?: Item;
  readonly configurationItemSummary?: Item;
}
interface RuleEvent {
  readonly invokingEvent: string;
  readonly accountId: string;
  readonly resultToken: string;
  readonly eventLeftScope: boolean;
}

/** Evaluates versioning by the configuration item only: the minimum that a rule's function must do. */
export const handler = async (event: RuleEvent): Promise<void> => {
  const config = new ConfigServiceClient({
    credentials: await memberCredentials(event.accountId, 'evaluate'),
  });
  const invoking: InvokingEvent = JSON.parse(event.invokingEvent);
  const item = invoking.configurationItem ?? invoking.configurationItemSummary;
  if (item === undefined) throw new Error('The event has no configuration item.');
  const isGone = event.eventLeftScope || item.configurationItemStatus === 'ResourceDeleted';
  const inEvent = invoking.configurationItem?.supplementaryConfiguration.BucketVersioningConfiguration;
  const versioning = inEvent ?? (isGone ? undefined : await fromHistory(config, item));
  console.log(`evaluating ${item.resourceId}: ${versioning?.status}`);
  const verdict = versioning?.status === 'Enabled' ? 'COMPLIANT' : 'NON_COMPLIANT';
  await config.send(
    new PutEvaluationsCommand({
      ResultToken: event.resultToken,
      Evaluations: [
        {
          ComplianceResourceType: item.resourceType,
          ComplianceResourceId: item.resourceId,
          ComplianceType: isGone ? 'NOT_APPLICABLE' : verdict,
          OrderingTimestamp: new Date(item.configurationItemCaptureTime),
        },
      ],
    }),
  );
};

/** Reads the item from AWS Config, because an oversized notification has no configuration. */
const fromHistory = async (config: ConfigServiceClient, item: Item): Promise<Versioning> => {
  const { resourceType, resourceId, configurationItemCaptureTime: capturedAt } = item;
  const { configurationItems: [found] = [] } = await config.send(
    new GetResourceConfigHistoryCommand({
      resourceType,
      resourceId,
      laterTime: new Date(capturedAt),
      limit: 1,
    }),
  );
  const versioning: Versioning = JSON.parse(
    found?.supplementaryConfiguration?.['BucketVersioningConfiguration'] ?? 'null',
  );
  return versioning;
};
