import { expect } from 'vitest';

import { defined } from '../base/defined.ts';
import { canonical } from '../base/json.ts';
import { withArn, withTags } from '../aws/resource-tags.ts';
import type { Resource } from '../aws/resource.ts';
import { parseConfigurationItem } from '../rule/configuration-item.ts';
import { withIdentity } from '../rule/identity.ts';
import type { Observation } from '../rule/rule.ts';
import type { ComplianceType, Verdict } from '../rule/verdict.ts';
import {
  ELSEWHERE,
  hasFacts,
  isSameResource,
  present,
  REGION,
  type ContractRunner,
} from './contract-runner.ts';
import type { EmulatedAccount } from './emulator.ts';
import type { RuleFixtures, Seed } from './rule-contract.ts';

/** A resource under the names with which one way of observing it judges it. */
interface Observed {
  readonly resource: Resource;
  readonly observation: Partial<Observation>;
}

/** The same facts, verdict, name, ARN and tags, however the resource is observed. */
export const expectObserved = async (
  run: ContractRunner,
  account: EmulatedAccount,
  { resource, complianceType, item }: ExpectedObservation,
): Promise<void> => {
  const observation = present(await run.get(account, resource));
  expect(run.rule.facts.parse(observation.facts)).toEqual(observation.facts);
  const verdict = run.rule.judge(observation.facts, run.judgeContext(account.accountId));
  expectVerdict(verdict, complianceType);
  const others = [
    await observedByList(run, account, resource),
    ...(await observedByItem(run, account, { resource, item })),
  ];
  for (const other of others)
    if (other.observation.facts !== undefined) expect(other.observation.facts).toEqual(observation.facts);
  await expectSameIdentity(run, account, [
    { resource, observation },
    // What names neither the item nor the listing, a live read names before the verdict.
    ...others.map((other) => (other.observation.facts === undefined ? { ...other, observation } : other)),
  ]);
};

interface ExpectedObservation {
  readonly resource: Resource;
  readonly complianceType: ComplianceType;
  readonly item: RuleFixtures['item'];
}

export const expectVerdict = (verdict: Verdict, complianceType: string): void => {
  expect(verdict.complianceType, canonical(verdict)).toBe(complianceType);
};

const observedByList = async (
  run: ContractRunner,
  account: EmulatedAccount,
  resource: Resource,
): Promise<Observed> => {
  const found = (await run.list(account)).filter((listed) => isSameResource(listed.resource, resource));
  expect(found).toHaveLength(1);
  const [listed] = found;
  return { resource: present(listed).resource, observation: listed && hasFacts(listed) ? listed : {} };
};

const observedByItem = async (
  { rule }: ContractRunner,
  { admin }: EmulatedAccount,
  { resource, item }: Pick<ExpectedObservation, 'resource' | 'item'>,
): Promise<Observed[]> => {
  if (!rule.triggers.some((trigger) => trigger === 'change')) return [];
  if (!item) throw new Error(`Missing fixture 'item': a change triggers ${rule.command}. Add the fixture.`);
  const recorded = parseConfigurationItem(await item(resource, admin));
  const { resourceType, resourceId, resourceName, arn, tags } = recorded;
  return [
    {
      resource: defined({ resourceType, resourceId, resourceName, arn, tags }),
      observation: rule.observe.item?.(recorded) ?? {},
    },
  ];
};

/** Exclusions and exemptions match by these, so one way without a name would have another answer. */
const expectSameIdentity = async (
  { rule }: ContractRunner,
  { admin }: EmulatedAccount,
  ways: readonly Observed[],
): Promise<void> => {
  const named = ways.map(({ resource, observation }) =>
    withArn(withIdentity(resource, observation), admin, rule.resource),
  );
  const [first] = named;
  for (const { resourceName, arn } of named)
    expect({ resourceName, arn }).toEqual({ resourceName: first?.resourceName, arn: first?.arn });
  // Absent is not empty: a way that does not know the tags must not say that there are none.
  const known = named.map(({ tags }) => tags).filter((tags) => tags !== undefined);
  const { tags = {} } = known.length > 0 ? await withTags(present(first), admin, rule.resource) : {};
  for (const other of known) expect(other).toEqual(tags);
};

/** A compliant resource here and a violating one in a second Region, as one session sees them. */
export const expectRegionsApart = async (
  run: ContractRunner,
  account: EmulatedAccount,
  { compliant, violating, reach }: RegionSeeds,
): Promise<void> => {
  const here = await compliant(account.admin);
  const there = await violating(account.admin.at(ELSEWHERE));
  const isOne = isSameResource(here, there);
  const views = [
    { region: REGION, own: here, other: there, complianceType: 'COMPLIANT' },
    { region: ELSEWHERE, own: there, other: here, complianceType: 'NON_COMPLIANT' },
  ] as const;
  const listings = await run.listBoth(account);
  for (const [index, { region, own, other, complianceType }] of views.entries()) {
    const context = run.contextAt({ accountId: account.accountId, region, partition: 'aws' });
    const { facts } = present(await run.get(account, own, region));
    expectVerdict(run.rule.judge(facts, context), complianceType);
    const listed = listings[index] ?? [];
    const found = listed.filter(({ resource }) => isSameResource(resource, own));
    expect(found, `the listing of ${region}`).toHaveLength(1);
    for (const one of found) if (hasFacts(one)) expect(one.facts, `the listing of ${region}`).toEqual(facts);
    if (isOne) continue;
    expect(
      listed.filter(({ resource }) => isSameResource(resource, other)),
      `resources of another Region in the listing of ${region}`,
    ).toEqual([]);
    if (reach === undefined)
      expect(await run.get(account, other, region), `a resource of another Region in ${region}`).toBe(
        undefined,
      );
  }
};

interface RegionSeeds {
  readonly compliant: Seed;
  readonly violating: Seed;
  readonly reach: string | undefined;
}
