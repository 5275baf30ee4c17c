import { readFile } from 'node:fs/promises';

import { parseSettings } from '@compliance/core';
import { parse } from 'yaml';

import { findLocalOrganization, type LocalOrganization } from './local-organization.ts';
import type { Options } from '../base/options.ts';
import { LOCAL_SETTINGS } from '../base/paths.ts';
import type { Place } from '../base/access.ts';

/** Returns the exports for the first of ACCOUNTS and REGIONS; by default the master account and home Region. */
export const readLocalEnvironment = async ({
  ACCOUNTS: [account],
  REGIONS: [place],
}: Options): Promise<string> => {
  const running = await findLocalOrganization();
  if (!running)
    throw new Error('No organization is running on this machine. `make deploy-master LOCAL=1` starts one.');
  const { organization } = parseSettings(parse(await readFile(LOCAL_SETTINGS, 'utf8')));
  const { masterAccountId, homeRegion } = organization;
  return formatEnvironment(running, { accountId: account ?? masterAccountId, region: place ?? homeRegion });
};

/**
 * Formats the exports with which a shell works as an administrator of a local account.
 * @throws {Error} when the organization has no such account
 */
export const formatEnvironment = (
  { endpointUrl, credentials }: LocalOrganization,
  { accountId, region }: Place,
): string => {
  const keys = credentials[accountId];
  if (!keys)
    throw new Error(
      `The organization on this machine has no account ${accountId}. Known accounts: ${Object.keys(credentials).join(', ')}.`,
    );
  const variables = {
    AWS_ENDPOINT_URL: endpointUrl,
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    AWS_REGION: region,
    // boto3 and the AWS CLI do not read AWS_REGION.
    AWS_DEFAULT_REGION: region,
  };
  return [
    // These would take precedence or not match.
    'unset AWS_PROFILE AWS_SESSION_TOKEN',
    ...Object.entries(variables).map(([name, value]) => `export ${name}='${value}'`),
  ].join('\n');
};
