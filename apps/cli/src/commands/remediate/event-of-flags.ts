import {
  ACCOUNT_TYPE,
  arnOf,
  partitionOf,
  permanent,
  withIdentity,
  type AccountId,
  type RemediationEvent,
  type Resource,
  type Rule,
  type Session,
  type Settings,
} from '@compliance/core';
import { loadRule } from '@compliance/registry';

import { openAccount } from '../../account/open-account.ts';
import { assertRule } from '../../input/unknown-rule.ts';
import { UsageError } from '../../output/exit-codes.ts';

export interface ResourceFlags {
  readonly rule?: string;
  readonly resource?: string;
  readonly account?: string;
  readonly region?: string;
}

/**
 * The payload of the remediation document, from options instead of a file.
 * @throws {UsageError} when the rule lists no such resource, or several of the name
 * @throws {ComplianceError} permanent `other-account` when the credentials are not of the account
 */
export const eventOfFlags = async (
  flags: ResourceFlags,
  settings: Settings | undefined,
): Promise<RemediationEvent> => {
  if (flags.rule === undefined)
    throw new UsageError('No resource to fix. Use --rule and --resource, or --event with a payload.');
  assertRule(flags.rule);
  const rule = await loadRule(flags.rule);
  const home = rule.deploy === 'home-region' ? settings?.organization.homeRegion : undefined;
  const session = await openAccount(flags.region ?? home);
  assertAccount(session.accountId, flags.account);
  const { accountId, region } = session;
  return {
    complianceCommand: rule.command,
    resourceType: rule.resourceType,
    resourceId: await resourceIdOf(rule, session, flags.resource),
    accountId,
    region,
    partition: partitionOf(region),
    executionId: 'by-hand',
  };
};

const assertAccount = (accountId: AccountId, expected: string | undefined) => {
  if (expected !== undefined && expected !== accountId)
    throw permanent(
      'other-account',
      `Wrong account: --account is ${expected}, but the credentials belong to ${accountId}. Use credentials of account ${expected}.`,
    );
};

const resourceIdOf = async (rule: Rule, session: Session, name: string | undefined): Promise<string> => {
  if (rule.resourceType === ACCOUNT_TYPE) return session.accountId;
  if (name === undefined)
    throw new UsageError(
      `No resource to fix. Use --resource with the id, name or ARN of an ${rule.resourceType}.`,
    );
  const found: Resource[] = [];
  for await (const listed of rule.observe.list({ session })) {
    const resource = 'facts' in listed ? withIdentity(listed.resource, listed) : listed.resource;
    const names = [resource.resourceId, resource.resourceName, arnOf(resource, session, rule.resource)];
    if (names.includes(name)) found.push(resource);
  }
  const [first, ...others] = found;
  if (!first)
    throw new UsageError(
      `No ${rule.resourceType} '${name}' in ${session.region} of account ${session.accountId}. Use its id, name or ARN, and --region for another Region.`,
    );
  if (others.length > 0)
    throw new UsageError(
      `Several resources are named '${name}': ${found.map(({ resourceId }) => resourceId).join(', ')}. Use one of these ids.`,
    );
  return first.resourceId;
};
