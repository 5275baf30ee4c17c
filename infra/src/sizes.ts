import {
  SESSION_POLICY_LENGTH,
  partitionOf,
  withConfiguredGrants,
  type Rule,
  type Settings,
} from '@compliance/core';

import { POLICY_BYTES, functionPolicySize } from './functions/function-permissions.ts';
import { packsIn } from './modules/packs.ts';
import { FUNCTIONS } from './names/names.ts';
import { PACK_LIMITS } from './packs/conformance-pack.ts';
import { enabledRules } from './packs/enabled-rules.ts';
import { memberRoles } from './policies/member-roles.ts';
import { sessionPolicyLength } from './policies/session-policy.ts';
import { POLICIES_PER_ROLE, POLICY_CHARACTERS, policyCharacters } from './policies/split-policy.ts';

/** What grows with rules and accounts, and AWS's limit for it. */
export interface Size {
  readonly what: string;
  readonly size: number;
  readonly limit: number;
  readonly unit: string;
}

/** The sizes of what the settings deploy; of session policies, the largest. */
export const sizesOf = (settings: Settings, rules: readonly Rule[]): readonly Size[] => {
  const enabled = enabledRules(rules, settings);
  return [
    ...roleSizes(settings, enabled),
    ...largest(enabled.flatMap((rule) => (rule.fix ? [sessionPolicySize(rule)] : []))),
    ...settings.organization.regions.flatMap((region) => packSizes(settings, rules, region)),
    ...functionPolicySizes(settings),
  ];
};

/** Formats each size beside its limit. */
export const sizesText = (sizes: readonly Size[]): string => {
  const format = new Intl.NumberFormat('en');
  const rows = sizes.map(({ what, size, limit, unit }) => ({
    what,
    size: format.format(size),
    limit: `${format.format(limit)} ${unit}`,
  }));
  const width = (member: 'what' | 'size') => Math.max(...rows.map((row) => row[member].length));
  return rows
    .map(
      ({ what, size, limit }) =>
        `  ${what.padEnd(width('what'))}  ${size.padStart(width('size'))} of ${limit}`,
    )
    .join('\n');
};

const roleSizes = (settings: Settings, rules: readonly Rule[]): readonly Size[] => {
  const { organization, accounts } = settings;
  const partition = partitionOf(organization.homeRegion);
  // Every account id has the same length, so the roles of any account stand for all.
  const memberAccountId = accounts[0]?.id ?? organization.masterAccountId;
  const { evaluate, remediate, automation } = memberRoles({
    ...organization,
    rules: withConfiguredGrants(rules, { settings, accounts }, { accountId: memberAccountId, partition }),
    partition,
    memberAccountId,
  });
  return [evaluate, remediate, automation].flatMap(({ name, policies }) => [
    { what: `role ${name}`, size: policies.length, limit: POLICIES_PER_ROLE, unit: 'policies' },
    ...largest(
      policies.map((policy) => ({
        what: `largest policy, ${policy.name}`,
        size: policyCharacters(policy.document),
        limit: POLICY_CHARACTERS,
        unit: 'characters',
      })),
    ),
  ]);
};

const sessionPolicySize = (rule: Rule): Size => ({
  what: `largest session policy, ${rule.command}`,
  size: sessionPolicyLength(rule),
  limit: SESSION_POLICY_LENGTH,
  unit: 'characters',
});

const packSizes = (settings: Settings, rules: readonly Rule[], region: string): readonly Size[] =>
  packsIn({ settings, rules, region }).flatMap(({ name, template, yaml }) => [
    {
      what: `pack ${name} in ${region}`,
      size: Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::Config::ConfigRule').length,
      limit: PACK_LIMITS.rules,
      unit: 'rules',
    },
    {
      what: `pack ${name} in ${region}`,
      size: Buffer.byteLength(yaml),
      limit: PACK_LIMITS.bytes,
      unit: 'bytes',
    },
  ]);

const functionPolicySizes = (settings: Settings): readonly Size[] =>
  (['rule', 'remediation'] as const).map((key) => ({
    what: `resource policy of ${FUNCTIONS[key]}`,
    size: functionPolicySize(key, settings),
    limit: POLICY_BYTES,
    unit: 'bytes',
  }));

const largest = (sizes: readonly Size[]): readonly Size[] =>
  sizes.toSorted((a, b) => b.size - a.size).slice(0, 1);
