import { DescribeDocumentPermissionCommand, GetDocumentCommand, SSMClient } from '@aws-sdk/client-ssm';

import { createCache } from '../base/cache.ts';
import { type Place, placeKey } from '../base/place.ts';
import { undefinedIfNotFound } from '../base/undefined-if-not-found.ts';
import type { EmulatorClients } from '../emulator/clients.ts';
import { awsError } from '../protocol/aws-error.ts';
import type { Call } from '../protocol/call.ts';
import { type AutomationDocument, parseAutomationDocument } from './automation-document.ts';

export interface Documents {
  /** @throws {AwsError} AutomationDefinitionNotFoundException, also for a document that is not shared with the account */
  readonly read: (place: Place, nameOrArn: string, version?: string) => Promise<FoundDocument>;
  /** Receives every completed call; a write to SSM invalidates the cache. */
  readonly onCompleted: (call: Call) => void;
}

interface FoundDocument {
  readonly document: AutomationDocument;
  readonly version: string;
}

const ARN =
  /^arn:[^:]+:ssm:(?<region>[^:]+):(?<accountId>\d{12}):(?:document|automation-definition)\/(?<name>[^:]+)/;

/** Reads automation documents from the emulator: the account's own, and those shared with it. */
export const createDocuments = (clients: EmulatorClients): Documents => {
  const cache = createCache<FoundDocument>();
  return {
    read: async (place, nameOrArn, version) =>
      cache.read(placeKey(place, nameOrArn, version ?? ''), async () =>
        readDocument(clients, place, nameOrArn, version),
      ),
    onCompleted: ({ service, operation }) => {
      if (service === 'ssm' && /^(Create|Update|Delete|Modify)Document/.test(operation)) cache.invalidate();
    },
  };
};

const readDocument = async (
  clients: EmulatorClients,
  place: Place,
  nameOrArn: string,
  version: string | undefined,
): Promise<FoundDocument> => {
  const parts = ARN.exec(nameOrArn)?.groups;
  const owner = {
    accountId: parts?.['accountId'] ?? place.accountId,
    region: parts?.['region'] ?? place.region,
  };
  const name = parts?.['name'] ?? nameOrArn;
  // A document is shared only within its Region.
  if (owner.region !== place.region) throw notFound(nameOrArn, place);
  const ssm = clients(SSMClient, owner);
  if (owner.accountId !== place.accountId && !(await isShared(ssm, name, place.accountId)))
    throw notFound(nameOrArn, place);
  const request = new GetDocumentCommand({
    Name: name,
    ...(version === undefined ? {} : { DocumentVersion: version }),
  });
  const found = await undefinedIfNotFound(ssm.send(request), 'InvalidDocument');
  if (found?.Content === undefined) throw notFound(nameOrArn, place);
  return { document: parseAutomationDocument(name, found.Content), version: found.DocumentVersion ?? '1' };
};

const isShared = async (ssm: SSMClient, name: string, accountId: string): Promise<boolean> => {
  const request = new DescribeDocumentPermissionCommand({ Name: name, PermissionType: 'Share' });
  const { AccountIds: accountIds = [] } =
    (await undefinedIfNotFound(ssm.send(request), 'InvalidDocument')) ?? {};
  return accountIds.some((id) => id === accountId || id.toLowerCase() === 'all');
};

const notFound = (nameOrArn: string, { accountId, region }: Place) =>
  awsError(
    'AutomationDefinitionNotFoundException',
    `Automation document ${nameOrArn} was not found in ${region}, or is not shared with account ${accountId}.`,
    400,
  );
