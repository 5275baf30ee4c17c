import * as z from 'zod';

import { AccountId } from '../base/account-id.ts';
import { permanent } from '../base/errors.ts';
import { parseOrThrow } from '../base/parse.ts';
import { Time } from '../base/time.ts';
import { parseConfigurationItem, type ConfigurationItem } from '../rule/configuration-item.ts';

/**
 * A request of AWS Config for verdicts.
 * @see https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config_develop-rules_example-events.html
 */
export interface ConfigRuleEvent {
  /** The account that owns the rule: the member. */
  readonly accountId: AccountId;
  /** From the rule's ARN: an item's own Region is `global` for IAM. */
  readonly region: string;
  readonly partition: string;
  readonly configRuleName: string;
  readonly resultToken: string;
  readonly command: string;
  readonly trigger: Trigger;
}

export type Trigger =
  | { readonly type: 'change'; readonly item: ConfigurationItem; readonly leftScope: boolean }
  /** The item was too large for the event and must be read from the resource's history. */
  | { readonly type: 'oversized'; readonly item: ConfigurationItem; readonly leftScope: boolean }
  | { readonly type: 'schedule'; readonly notificationTime: Date }
  /** A message type that we do not subscribe to. */
  | { readonly type: 'other'; readonly messageType: string };

/**
 * Parses the event of an AWS Config custom rule, including the JSON texts in it.
 * Every account id in the event must name the same account.
 * @throws {ComplianceError} permanent `malformed-event` or `inconsistent-account`
 */
export const parseConfigRuleEvent = (input: unknown): ConfigRuleEvent => {
  const envelope = parseOrThrow(Envelope, input, {
    code: 'malformed-event',
    what: 'event of an AWS Config rule',
  });
  const { accountId, configRuleArn, configRuleName, resultToken, ruleParameters, invokingEvent } = envelope;
  const trigger = triggerOf(invokingEvent, envelope.eventLeftScope);
  assertSameAccount(accountId, configRuleArn.accountId, 'configRuleArn');
  for (const named of accountsIn(invokingEvent)) assertSameAccount(accountId, named, 'invokingEvent');
  const { partition, region } = configRuleArn;
  return {
    accountId,
    region,
    partition,
    configRuleName,
    resultToken,
    command: ruleParameters.ComplianceCommand,
    trigger,
  };
};

const jsonText = <T>(schema: z.ZodType<T>) =>
  z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text === '' ? '{}' : text) as unknown;
      } catch (error) {
        context.addIssue({ code: 'custom', message: `is not JSON: ${String(error)}` });
        return z.NEVER;
      }
    })
    .pipe(schema);

const RuleArn = z
  .string()
  .regex(/^arn:[\w-]+:config:[\w-]+:\d{12}:config-rule\//, 'is not the ARN of a Config rule')
  .transform((arn) => {
    const [, partition = '', , region = '', accountId = ''] = arn.split(':');
    return { partition, region, accountId: AccountId.parse(accountId) };
  });

const InvokingEvent = z.looseObject({
  messageType: z.string(),
  awsAccountId: AccountId.optional(),
  notificationCreationTime: Time.optional(),
  configurationItem: z.unknown().optional(),
  configurationItemSummary: z.unknown().optional(),
});
type InvokingEvent = z.infer<typeof InvokingEvent>;

const Envelope = z.looseObject({
  accountId: AccountId,
  configRuleArn: RuleArn,
  configRuleName: z.string().min(1),
  resultToken: z.string().min(1),
  eventLeftScope: z.boolean().default(false),
  ruleParameters: jsonText(z.looseObject({ ComplianceCommand: z.string().min(1) })),
  invokingEvent: jsonText(InvokingEvent),
});

const triggerOf = (event: InvokingEvent, leftScope: boolean): Trigger => {
  switch (event.messageType) {
    case 'ConfigurationItemChangeNotification':
      return { type: 'change', item: parseConfigurationItem(event.configurationItem), leftScope };
    case 'OversizedConfigurationItemChangeNotification':
      return { type: 'oversized', item: parseConfigurationItem(event.configurationItemSummary), leftScope };
    case 'ScheduledNotification':
      if (event.notificationCreationTime === undefined)
        throw permanent(
          'malformed-event',
          'Invalid ScheduledNotification: it has no notificationCreationTime.',
        );
      return { type: 'schedule', notificationTime: event.notificationCreationTime };
    default:
      return { type: 'other', messageType: event.messageType };
  }
};

const NamesAccount = z.looseObject({ awsAccountId: AccountId.optional(), accountId: AccountId.optional() });

/** Every account id in the event. */
const accountsIn = (event: InvokingEvent): readonly AccountId[] =>
  [event, event.configurationItem, event.configurationItemSummary].flatMap((part) => {
    const { awsAccountId, accountId } = NamesAccount.safeParse(part).data ?? {};
    return [awsAccountId, accountId].filter((id) => id !== undefined);
  });

const assertSameAccount = (accountId: AccountId, other: AccountId, where: string) => {
  if (other !== accountId)
    throw permanent(
      'inconsistent-account',
      `Event refused: it names account ${accountId}, but its ${where} names ${other}. It is forged or broken.`,
    );
};
