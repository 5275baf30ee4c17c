import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { parseSettings, type Settings } from '@compliance/core';
import { readYamlFile, type FunctionKey } from '@compliance/infra';
import { runTerraform, type TerraformEnd, type TerraformRun } from '@compliance/infra/terraform-cli';

import { awsAccess } from './aws-access.ts';
import { ensureLocalOrganization } from '../local/ensure-local-organization.ts';
import { localAccess } from '../local/local-access.ts';
import type { Access } from '../base/access.ts';
import type { Options } from '../base/options.ts';
import { LOCAL_SETTINGS, REPOSITORY, WORK, ZIPS } from '../base/paths.ts';

/** The context of every command: options, settings, folders and access. */
export interface DeployContext extends Access {
  readonly options: Options;
  readonly settings: Settings;
  readonly settingsPath: string;
  /** The folder that `make synth` writes to. */
  readonly modules: string;
  /** The folder in which Terraform runs, with a folder for each state. */
  readonly roots: string;
  /** The bundles of `make build`. */
  readonly zips: Readonly<Record<FunctionKey | 'keeper', string>>;
  readonly say: (line: string) => void;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  readonly terraform: (run: TerraformRun) => Promise<TerraformEnd>;
}

/** Creates the context. @throws {Error} when compliance.yaml is missing or invalid, or lacks a selected account or Region */
export const createDeployContext = async (
  options: Options,
  { say, signal }: Pick<DeployContext, 'say' | 'signal'>,
): Promise<DeployContext> => {
  const folder = join(WORK, options.LOCAL ? 'local' : 'aws');
  const organization = options.LOCAL ? await ensureLocalOrganization(say) : undefined;
  const settingsPath =
    options.SETTINGS ?? (options.LOCAL ? LOCAL_SETTINGS : join(REPOSITORY, 'compliance.yaml'));
  if (!existsSync(settingsPath))
    throw new Error(
      `Settings not found: ${settingsPath}. Copy compliance.example.yaml and enter your organization.`,
    );
  const settings = parseSettings(await readYamlFile(settingsPath));
  assertListed(options, settings);
  return {
    options,
    settings,
    settingsPath,
    modules: options.LOCAL ? join(folder, 'modules') : join(REPOSITORY, 'infra/dist'),
    roots: join(folder, 'roots'),
    zips: ZIPS,
    say,
    signal,
    terraform: runTerraform,
    ...(organization
      ? await localAccess(organization, options, settings)
      : await awsAccess(options, settings)),
  };
};

const assertListed = ({ ACCOUNTS, CANARY, REGIONS }: Options, { accounts, organization }: Settings) => {
  const ids = new Set<string>(accounts.map(({ id }) => id));
  const strangers = [...ACCOUNTS, ...CANARY].filter((id) => !ids.has(id));
  if (strangers.length > 0)
    throw new Error(
      `compliance.yaml does not list the account ${strangers.join(', ')}. Add it, or correct ACCOUNTS or CANARY.`,
    );
  const elsewhere = REGIONS.filter((region) => !organization.regions.includes(region));
  if (elsewhere.length > 0)
    throw new Error(
      `compliance.yaml does not list the Region ${elsewhere.join(', ')}. Add it, or correct REGIONS.`,
    );
};

/** The selected Regions, the home Region first. */
export const selectedRegions = ({ options, settings }: DeployContext): readonly string[] => {
  const { homeRegion, regions } = settings.organization;
  const meant = options.REGIONS.length === 0 ? regions : options.REGIONS;
  return [...new Set([homeRegion, ...regions])].filter((region) => meant.includes(region));
};

/** The selected accounts. */
export const selectedAccounts = ({ options, settings }: DeployContext): readonly string[] =>
  options.ACCOUNTS.length === 0 ? settings.accounts.map(({ id }) => id) : options.ACCOUNTS;
