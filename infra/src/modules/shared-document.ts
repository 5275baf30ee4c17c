import { SsmDocument } from '@cdktn/provider-aws/lib/ssm-document/index.js';
import type { Settings } from '@compliance/core';
import type { TerraformStack } from 'cdktf';

import { functionArn } from '../names/arn.ts';
import { automationDocument } from '../packs/automation-document.ts';
import { DOCUMENT, FUNCTIONS } from '../names/names.ts';
import { documentText, PARTITION, REGION } from '../terraform/expressions.ts';
import { addOutput } from '../terraform/terraform-module.ts';

/**
 * Adds the SSM document, shared with every account of the settings.
 * The provider shares with 20 accounts per call, and makes each new version the default, which the members run.
 */
export const addSharedDocument = (stack: TerraformStack, { organization, accounts }: Settings): void => {
  const { masterAccountId } = organization;
  const others = accounts.map(({ id }) => id).filter((id) => id !== masterAccountId);
  const target = functionArn(
    { partition: PARTITION, region: REGION, accountId: masterAccountId },
    FUNCTIONS.remediation,
  );
  const document = new SsmDocument(stack, 'document', {
    name: DOCUMENT,
    documentType: 'Automation',
    documentFormat: 'JSON',
    content: documentText(automationDocument({ functionArn: target, assumeRole: 'embedded' })),
    ...(others.length > 0 && { permissions: { type: 'Share', account_ids: others.toSorted().join(',') } }),
  });
  addOutput(
    stack,
    'document_arn',
    document.arn,
    'The document that the remediations of the conformance packs run.',
  );
};
