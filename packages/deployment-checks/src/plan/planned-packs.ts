import type { DeployedPack, DeployedRule } from '../model/deployment.ts';
import { readTemplate } from '../templates/read-template.ts';
import type { PlannedResources } from './planned-resources.ts';

export interface PackOptions {
  /** The accounts that an organization pack reaches unless it excludes them. */
  readonly accountIds: readonly string[];
  /** Finds a template outside the plan by its S3 key. */
  readonly templateAt?: ((key: string) => string | undefined) | undefined;
}

export interface PlannedPacks {
  readonly packs: readonly DeployedPack[];
  readonly rules: readonly DeployedRule[];
  /** Accounts and Regions whose rules are known because a pack's template is. */
  readonly reached: readonly { readonly accountId: string; readonly region: string }[];
  readonly gaps: readonly string[];
}

/** The packs of a plan and the rules they deploy. */
export const plannedPacks = (resources: PlannedResources, options: PackOptions): PlannedPacks => {
  const found = packsWithTemplates(resources, options);
  return {
    packs: found.map(({ accountId, region, values, scope, excludedAccounts, text, inline, template }) => ({
      accountId,
      region,
      name: values.name,
      scope,
      excludedAccounts,
      bytes: text === undefined ? undefined : Buffer.byteLength(text),
      inline,
      ruleNames: template?.map(({ name }) => name),
    })),
    rules: found.flatMap(({ region, targets, template = [] }) =>
      targets.flatMap((accountId) => template.map((rule) => ({ ...rule, accountId, region }))),
    ),
    reached: found.flatMap(({ region, targets, excludedAccounts, template }) =>
      template ? [...targets, ...excludedAccounts].map((accountId) => ({ accountId, region })) : [],
    ),
    gaps: found
      .filter(({ template }) => template === undefined)
      .map(
        ({ change, values }) =>
          `${change.address}: the template ${values.template_s3_uri ?? ''} is not in the plan, or is not a conformance pack template.`,
      ),
  };
};

const packsWithTemplates = ({ of }: PlannedResources, { accountIds, templateAt }: PackOptions) => {
  const objects = of('aws_s3_object');
  const storedTemplate = (uri: string): string | undefined => {
    const [, bucket, key = ''] = /^s3:\/\/([^/]+)\/(.+)$/.exec(uri) ?? [];
    const object = objects.find(
      ({ values }) => values.key === key && [bucket, undefined].includes(values.bucket),
    );
    return object?.values.content ?? templateAt?.(key);
  };
  return [
    ...of('aws_config_organization_conformance_pack').map((pack) => ({
      ...pack,
      scope: 'organization' as const,
      excludedAccounts: pack.values.excluded_accounts,
      targets: accountIds.filter((id) => !pack.values.excluded_accounts.includes(id)),
    })),
    ...of('aws_config_conformance_pack').map((pack) => ({
      ...pack,
      scope: 'account' as const,
      excludedAccounts: [],
      targets: [pack.accountId],
    })),
  ].map((pack) => {
    const { template_body: body, template_s3_uri: uri } = pack.values;
    const text = uri === undefined ? body : storedTemplate(uri);
    const template = text === undefined ? undefined : readTemplate(text);
    return { ...pack, text, inline: uri === undefined, template };
  });
};
