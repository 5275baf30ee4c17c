import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Exemption, Settings } from '@compliance/core';
import { settingsBucket } from '@compliance/infra';
import type { LocalOrg } from '@compliance/local-org';
import { EXEMPTIONS_KEY, SETTINGS_KEY } from '@compliance/runtime';

/** Writes the settings to the settings bucket. A warm function caches the earlier ones for a minute. */
export const publishSettings = (org: LocalOrg, settings: Settings): Promise<void> =>
  putJson(org, SETTINGS_KEY, settings);

export const publishExemptions = (org: LocalOrg, exemptions: readonly Exemption[]): Promise<void> =>
  putJson(org, EXEMPTIONS_KEY, { exemptions });

const putJson = async (org: LocalOrg, Key: string, content: object): Promise<void> => {
  const { master } = org.organization;
  await org
    .client(S3Client, master.id)
    .send(new PutObjectCommand({ Bucket: settingsBucket(master.id), Key, Body: JSON.stringify(content) }));
};
