import { ConfigServiceClient, GetResourceConfigHistoryCommand } from '@aws-sdk/client-config-service';

import { hasCode, transient } from '../base/errors.ts';
import type { Session } from '../aws/session.ts';
import { parseConfigurationItem, type ConfigurationItem } from '../rule/configuration-item.ts';

/**
 * Reads the item that an oversized notification only summarises, as it was captured.
 * @throws {ComplianceError} transient `item-not-yet-there`: the history lags behind the notification
 */
export const itemFromHistory = async (
  session: Session,
  summary: ConfigurationItem,
): Promise<ConfigurationItem> => {
  const { resourceType, resourceId, captureTime } = summary;
  let nextToken: string | undefined;
  do {
    const page = await historyPage(session, {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a rule may name a newer type than the SDK knows.
      resourceType: resourceType as 'AWS::S3::Bucket',
      resourceId,
      laterTime: captureTime,
      limit: 1,
      nextToken,
    });
    const [item] = page.configurationItems ?? [];
    if (item) return unlessOlder(parseConfigurationItem(item), summary);
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  throw notYetThere(summary);
};

// The API gives whole seconds for some types.
const PRECISION_MS = 1000;

/** Refuses an older item: its verdict would count as that of the newer one. */
const unlessOlder = (item: ConfigurationItem, summary: ConfigurationItem): ConfigurationItem => {
  if (summary.captureTime.getTime() - item.captureTime.getTime() >= PRECISION_MS) throw notYetThere(summary);
  return item;
};

type HistoryInput = ConstructorParameters<typeof GetResourceConfigHistoryCommand>[0];

const historyPage = async (session: Session, input: HistoryInput) => {
  try {
    return await session.client(ConfigServiceClient).send(new GetResourceConfigHistoryCommand(input));
  } catch (error) {
    if (!hasCode(error, 'ResourceNotDiscoveredException')) throw error;
    return { configurationItems: [], nextToken: undefined };
  }
};

const notYetThere = ({ resourceType, resourceId, captureTime }: ConfigurationItem) =>
  transient(
    'item-not-yet-there',
    `AWS Config has no item of ${resourceType} ${resourceId} up to ${captureTime.toISOString()} yet. Try again later.`,
  );
