import { partitionOf } from '@compliance/core';
import type { ConfigurationItem } from '../base/configuration-item.ts';
import type { Rule } from './rule.ts';

/** The invokingEvent, which the event of a rule contains as JSON text. */
export type InvokingEvent =
  | {
      readonly messageType: 'ConfigurationItemChangeNotification';
      readonly configurationItemDiff: unknown;
      readonly configurationItem: ConfigurationItem;
      readonly notificationCreationTime: string;
      readonly recordVersion: '1.3';
    }
  | {
      readonly messageType: 'OversizedConfigurationItemChangeNotification';
      readonly configurationItemSummary: Readonly<Record<string, unknown>>;
    }
  | {
      readonly messageType: 'ScheduledNotification';
      readonly awsAccountId: string;
      readonly notificationCreationTime: string;
      readonly recordVersion: '1.0';
    };

export const changeNotification = (item: ConfigurationItem, diff: unknown, now: Date): InvokingEvent => ({
  configurationItemDiff: diff,
  configurationItem: item,
  notificationCreationTime: now.toISOString(),
  messageType: 'ConfigurationItemChangeNotification',
  recordVersion: '1.3',
});

/** The summary of an item over 256 KB: no configuration, no tags. */
export const oversizedNotification = (item: ConfigurationItem): InvokingEvent => ({
  configurationItemSummary: {
    changeType: item.configurationItemStatus === 'ResourceDiscovered' ? 'CREATE' : 'UPDATE',
    configurationItemVersion: item.configurationItemVersion,
    configurationItemCaptureTime: item.configurationItemCaptureTime,
    configurationStateId: item.configurationStateId,
    awsAccountId: item.awsAccountId,
    configurationItemStatus: item.configurationItemStatus,
    resourceType: item.resourceType,
    resourceId: item.resourceId,
    resourceName: item.resourceName,
    ARN: item.ARN,
    awsRegion: item.awsRegion,
    availabilityZone: item.availabilityZone,
    configurationStateMd5Hash: item.configurationStateMd5Hash,
    resourceCreationTime: item.resourceCreationTime,
  },
  messageType: 'OversizedConfigurationItemChangeNotification',
});

export const scheduledNotification = (accountId: string, now: Date): InvokingEvent => ({
  awsAccountId: accountId,
  notificationCreationTime: now.toISOString(),
  messageType: 'ScheduledNotification',
  recordVersion: '1.0',
});

/**
 * The complete event that a rule's function receives.
 * @see https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config_develop-rules_example-events.html
 */
export const ruleEvent = (
  { place: { accountId, region }, ...rule }: Rule,
  invokingEvent: InvokingEvent,
  { resultToken, eventLeftScope }: { readonly resultToken: string; readonly eventLeftScope: boolean },
) => ({
  version: '1.0',
  invokingEvent: JSON.stringify(invokingEvent),
  // An empty string, not an empty object, for a rule without parameters.
  ruleParameters: rule.definition.InputParameters ?? '',
  resultToken,
  eventLeftScope,
  executionRoleArn: `arn:${partitionOf(region)}:iam::${accountId}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig`,
  configRuleArn: rule.arn,
  configRuleName: rule.name,
  configRuleId: rule.id,
  accountId,
});
