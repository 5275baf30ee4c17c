import { ConfigConformancePack } from '@cdktn/provider-aws/lib/config-conformance-pack/index.js';
import { ConfigOrganizationConformancePack } from '@cdktn/provider-aws/lib/config-organization-conformance-pack/index.js';
import { DataAwsOrganizationsOrganization } from '@cdktn/provider-aws/lib/data-aws-organizations-organization/index.js';
import { S3Object } from '@cdktn/provider-aws/lib/s3-object/index.js';
import { partitionOf, type Rule, type Settings } from '@compliance/core';
import { Token, type TerraformStack } from 'cdktf';

import { conformancePacks, type ConformancePack } from '../packs/conformance-pack.ts';
import { packBucket } from '../names/names.ts';
import { resourceName } from '../terraform/expressions.ts';
import { assertPlace } from '../terraform/place.ts';
import { addOutput, terraformModule, addVariable } from '../terraform/terraform-module.ts';

interface PacksInput {
  readonly settings: Settings;
  readonly rules: readonly Rule[];
  readonly region: string;
}

export const packsIn = ({ settings, rules, region }: PacksInput): readonly ConformancePack[] =>
  conformancePacks({ rules, settings, region, partition: partitionOf(region) });

/** The path of a pack beside its module. The name is the pack's, so that a review shows what changed in it. */
export const packFile = ({ name }: ConformancePack): string => `packs/${name}.yaml`;

/**
 * Uploads the conformance packs of one Region and deploys them to the organization.
 * Applied last: the roles, recorders, function permissions and the document must exist before.
 */
export const rollout = (input: PacksInput): TerraformStack =>
  terraformModule('rollout', (stack) => {
    const { settings, region } = input;
    const { masterAccountId, id: organizationId } = settings.organization;
    assertPlace(stack, { accountIds: [masterAccountId], regions: [region] });
    const packs = packsIn(input);
    for (const pack of packs) addTemplate(stack, pack, packBucket(masterAccountId, region));
    if (organizationId !== undefined) addOrganizationPacks(stack, packs, input);
    addOutput(
      stack,
      'packs',
      Object.fromEntries(packs.map((pack) => [pack.name, templateUri(pack, input)])),
      'The template of each pack.',
    );
  });

/** Deploys the same packs to one account without an organization, from the templates of the rollout. */
export const accountPacks = (input: PacksInput): TerraformStack =>
  terraformModule('account-packs', (stack) => {
    assertPlace(stack, { accountIds: input.settings.accounts.map(({ id }) => id), regions: [input.region] });
    for (const pack of packsIn(input))
      new ConfigConformancePack(stack, resourceName(pack.name), {
        name: pack.name,
        templateS3Uri: templateUri(pack, input),
      });
  });

const templateUri = ({ key }: ConformancePack, { settings, region }: PacksInput) =>
  `s3://${packBucket(settings.organization.masterAccountId, region)}/${key}`;

const addTemplate = (stack: TerraformStack, pack: ConformancePack, bucket: string) => {
  const object = new S3Object(stack, `template_${resourceName(pack.name)}`, {
    bucket,
    key: pack.key,
    source: `\${path.module}/${packFile(pack)}`,
    contentType: 'application/yaml',
    // AWS Config still uses the old template while it reads the new one.
    lifecycle: { createBeforeDestroy: true },
  });
  object.overrideLogicalId(resourceName(pack.name));
};

const addOrganizationPacks = (
  stack: TerraformStack,
  packs: readonly ConformancePack[],
  input: PacksInput,
) => {
  new DataAwsOrganizationsOrganization(stack, 'current', {});
  addVariable(stack, 'excluded_accounts', {
    type: 'list(string)',
    default: [],
    description:
      'Accounts of later waves of the rollout. Accounts that compliance.yaml does not list never get a pack.',
    validation: [
      {
        condition: '${alltrue([for id in var.excluded_accounts : can(regex("^[0-9]{12}$", id))])}',
        errorMessage: 'Each must be an account id of 12 digits.',
      },
    ],
  });
  const listed = JSON.stringify(input.settings.accounts.map(({ id }) => id).toSorted());
  const excluded = `\${setunion(setsubtract(data.aws_organizations_organization.current.accounts[*].id, ${listed}), var.excluded_accounts)}`;
  for (const pack of packs) {
    const id = resourceName(pack.name);
    const created = new ConfigOrganizationConformancePack(stack, id, {
      name: pack.name,
      templateS3Uri: templateUri(pack, input),
      excludedAccounts: Token.asList(excluded),
      lifecycle: {
        precondition: [
          {
            condition: `\${length(${excluded.replace('${', '').replace(/\}$/, '')}) <= 1000}`,
            errorMessage:
              'Too many accounts are excluded: the limit of AWS Config is 1,000. Begin the rollout with more accounts, ' +
              'or list more accounts of the organization in compliance.yaml.',
          },
        ],
      },
    });
    created.addOverride('depends_on', [`aws_s3_object.${id}`]);
  }
};
