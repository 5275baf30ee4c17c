import { CreateDocumentCommand, ModifyDocumentPermissionCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Settings } from '@compliance/core';
import { DOCUMENT, FUNCTIONS, automationDocument } from '@compliance/infra';
import type { LocalOrg } from '@compliance/local-org';

/** The limit of SSM. */
const ACCOUNTS_PER_CALL = 20;

/** Creates the one SSM document in a Region and shares it with every account. */
export const shareDocument = async (org: LocalOrg, settings: Settings, region: string): Promise<void> => {
  const { master } = org.organization;
  const ssm = org.client(SSMClient, master.id, region);
  const functionArn = `arn:aws:lambda:${region}:${master.id}:function:${FUNCTIONS.remediation}`;
  await ssm.send(
    new CreateDocumentCommand({
      Name: DOCUMENT,
      DocumentType: 'Automation',
      DocumentFormat: 'JSON',
      Content: JSON.stringify(automationDocument({ functionArn, assumeRole: 'embedded' })),
    }),
  );
  const accounts = settings.accounts.map(({ id }) => id).filter((id) => id !== master.id);
  for (let start = 0; start < accounts.length; start += ACCOUNTS_PER_CALL)
    await ssm.send(
      new ModifyDocumentPermissionCommand({
        Name: DOCUMENT,
        PermissionType: 'Share',
        AccountIdsToAdd: accounts.slice(start, start + ACCOUNTS_PER_CALL),
      }),
    );
};
