import { ConfigServiceClient, PutOrganizationConformancePackCommand } from '@aws-sdk/client-config-service';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Rule, Settings } from '@compliance/core';
import { conformancePacks, packBucket } from '@compliance/infra';
import type { LocalOrg } from '@compliance/local-org';

interface PackDeployment {
  readonly settings: Settings;
  readonly rules: readonly Rule[];
  readonly region: string;
}

/** Deploys the conformance packs of one Region to every account that the settings list. */
export const deployPacks = async (
  org: LocalOrg,
  { settings, rules, region }: PackDeployment,
): Promise<void> => {
  const { master, members } = org.organization;
  const listed = new Set<string>(settings.accounts.map(({ id }) => id));
  const unlisted = [master, ...members].map(({ id }) => id).filter((id) => !listed.has(id));
  const bucket = packBucket(master.id, region);
  for (const { name, yaml, key } of conformancePacks({
    rules,
    settings,
    region,
    partition: 'aws',
  })) {
    await org
      .client(S3Client, master.id, region)
      .send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: yaml }));
    await org.client(ConfigServiceClient, master.id, region).send(
      new PutOrganizationConformancePackCommand({
        OrganizationConformancePackName: name,
        TemplateS3Uri: `s3://${bucket}/${key}`,
        ExcludedAccounts: unlisted,
      }),
    );
  }
};
