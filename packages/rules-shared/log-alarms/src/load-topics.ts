import { paginateListSubscriptionsByTopic, SNSClient, type Subscription } from '@aws-sdk/client-sns';
import { errorCode, failureKind, type Session } from '@compliance/core/rule';

/** Whether somebody has confirmed a subscription of a topic, or the code of the error with which SNS refuses to say. */
export type Topic = { readonly confirmed: boolean } | { readonly unreadable: string };

/** Loads the topics of a Region by their ARNs. One that is refused, as another account's may be, hides no other. */
export const loadTopics = async (
  arns: readonly string[],
  session: Session,
): Promise<ReadonlyMap<string, Topic>> =>
  new Map(await Promise.all(arns.map(async (arn) => [arn, await loadTopic(arn, session)] as const)));

const loadTopic = async (TopicArn: string, session: Session): Promise<Topic> => {
  const client = session.client(SNSClient);
  try {
    for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic({ client }, { TopicArn }))
      if (Subscriptions.some(isConfirmed)) return { confirmed: true };
    return { confirmed: false };
  } catch (error) {
    if (failureKind(error) === 'transient') throw error;
    return { unreadable: errorCode(error) };
  }
};

/** Any other subscription has a word in place of its ARN: `PendingConfirmation`, `Deleted`. */
export const isConfirmed = ({ SubscriptionArn = '' }: Subscription): boolean =>
  SubscriptionArn.startsWith('arn:');
