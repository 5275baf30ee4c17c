import * as z from 'zod';

import type { Place } from '../base/place.ts';

const MessageType = z.enum([
  'ConfigurationItemChangeNotification',
  'OversizedConfigurationItemChangeNotification',
  'ScheduledNotification',
  'ConfigurationSnapshotDeliveryCompleted',
]);

const Frequency = z.enum(['One_Hour', 'Three_Hours', 'Six_Hours', 'Twelve_Hours', 'TwentyFour_Hours']);

/** @see https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigRule.html */
export const ConfigRule = z.object({
  ConfigRuleName: z.string().min(1).max(128),
  Description: z.string().max(256).optional(),
  Scope: z
    .object({
      ComplianceResourceTypes: z.array(z.string().min(1).max(256)).max(100).optional(),
      ComplianceResourceId: z.string().min(1).max(768).optional(),
      TagKey: z.string().min(1).max(128).optional(),
      TagValue: z.string().min(1).max(256).optional(),
    })
    .optional(),
  Source: z.object({
    Owner: z.enum(['CUSTOM_LAMBDA', 'AWS', 'CUSTOM_POLICY']),
    SourceIdentifier: z.string().min(1).max(256).optional(),
    SourceDetails: z
      .array(
        z.object({
          EventSource: z.literal('aws.config').optional(),
          MessageType: MessageType.optional(),
          MaximumExecutionFrequency: Frequency.optional(),
        }),
      )
      .max(25)
      .optional(),
  }),
  InputParameters: z.string().max(1024).optional(),
  MaximumExecutionFrequency: Frequency.optional(),
  EvaluationModes: z.array(z.object({ Mode: z.enum(['DETECTIVE', 'PROACTIVE']) })).optional(),
});
export type ConfigRule = z.output<typeof ConfigRule>;

/** A rule of AWS Config. */
export interface Rule {
  readonly place: Place;
  readonly name: string;
  readonly id: string;
  readonly arn: string;
  readonly functionArn: string;
  readonly definition: ConfigRule;
  /** The conformance pack that the rule belongs to; only the pack may change it. */
  readonly packName?: string | undefined;
  readonly activatedAt: Date;
}

const listensTo = ({ definition }: Rule, messageType: z.output<typeof MessageType>): boolean =>
  (definition.Source.SourceDetails ?? []).some((detail) => detail.MessageType === messageType);

export const isPeriodic = (rule: Rule): boolean => listensTo(rule, 'ScheduledNotification');

export const isChangeTriggered = (rule: Rule): boolean =>
  listensTo(rule, 'ConfigurationItemChangeNotification');

export const listensToOversized = (rule: Rule): boolean =>
  listensTo(rule, 'OversizedConfigurationItemChangeNotification');

/** Whether the scope of the rule includes the resource; a scope without types includes every type. */
export const covers = (
  { definition: { Scope: scope } }: Rule,
  resourceType: string,
  resourceId: string,
): boolean => {
  const types = scope?.ComplianceResourceTypes ?? [];
  if (types.length > 0 && !types.includes(resourceType)) return false;
  return scope?.ComplianceResourceId === undefined || scope.ComplianceResourceId === resourceId;
};
