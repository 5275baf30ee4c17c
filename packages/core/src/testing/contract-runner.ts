import type { AccountId } from '../base/account-id.ts';
import { systemClock } from '../base/clock.ts';
import { grantAction, isImplied, type Grant } from '../aws/grant.ts';
import type { Resource } from '../aws/resource.ts';
import type { Session } from '../aws/session.ts';
import type { JudgeContext, Listed, Observation, Phase, Rule } from '../rule/rule.ts';
import { parametersOf } from '../settings/settings.ts';
import type { Violation } from '../plan/plan-fix.ts';
import type { EmulatedAccount } from './emulator.ts';

export const REGION = 'eu-west-1';
/** A second Region, for rules that run in every Region. */
export const ELSEWHERE = 'eu-central-1';

/** The actions that a rule used, by the first phase that grants them. */
type UsedActions = Readonly<Record<Phase, Set<string>>>;

/** What a verdict depends on, besides the facts. */
type Place = Omit<JudgeContext, 'parameters' | 'now'> & { readonly now?: Date };

interface RunnerOptions {
  readonly parameters?: Readonly<Record<string, unknown>> | undefined;
  readonly now?: Date | undefined;
  readonly later?: Date | undefined;
  readonly notIn?: readonly string[] | undefined;
}

const DAY_MS = 86_400_000;

export type ContractRunner = ReturnType<typeof createContractRunner>;

/** Runs a rule's own functions, each with the grants of its phase and nothing more. */
export const createContractRunner = (
  rule: Rule,
  {
    parameters = {},
    now = systemClock.now(),
    later = new Date(now.getTime() + DAY_MS),
    notIn = [],
  }: RunnerOptions,
) => {
  const used: UsedActions = { list: new Set(), get: new Set(), fix: new Set(), undo: new Set() };
  const contextAt = (place: Place): JudgeContext => ({
    now,
    ...place,
    parameters: parametersOf(rule, { parameters }, place),
  });
  const judgeContext = (accountId: AccountId): JudgeContext =>
    contextAt({ accountId, region: REGION, partition: 'aws' });

  /** Does the work with a session of these phases, and records what it uses. */
  const during = async <T>(
    account: EmulatedAccount,
    phases: readonly Phase[],
    work: (session: Session) => Promise<T>,
  ): Promise<T> => {
    const session = account.as(phases.flatMap((phase) => rule.permissions[phase]));
    const result = await work(session);
    for (const action of session.used) {
      const phase = phases.findLast((candidate) => rule.permissions[candidate].some(isGrantOf(action)));
      if (phase) used[phase].add(action);
    }
    return result;
  };

  const get = (account: EmulatedAccount, resource: Resource, region = REGION) =>
    during(account, ['get'], (session) => rule.observe.get(resource, { session: session.at(region) }));

  const list = (account: EmulatedAccount) =>
    during(account, ['list'], (session) => Array.fromAsync(rule.observe.list({ session })));

  /** Lists both Regions with one session, as a scan does. */
  const listBoth = (account: EmulatedAccount): Promise<readonly [readonly Listed[], readonly Listed[]]> =>
    during(account, ['list'], async (session) => [
      await Array.fromAsync(rule.observe.list({ session: session.at(REGION) })),
      await Array.fromAsync(rule.observe.list({ session: session.at(ELSEWHERE) })),
    ]);

  const violation = async (
    account: EmulatedAccount,
    resource: Resource,
    context = judgeContext(account.accountId),
  ): Promise<Violation> => {
    const observation = present(await get(account, resource));
    const verdict = rule.judge(observation.facts, context);
    return { rule, resource, observation, verdict, judgeContext: context };
  };

  return { rule, used, now, later, notIn, contextAt, judgeContext, during, get, list, listBoth, violation };
};

const isGrantOf = (action: string) => (grant: Grant) => !isImplied(grant) && grantAction(grant) === action;

/** The value, which the fixture must have made. */
export const present = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('The rule does not observe the resource that the fixture seeded.');
  return value;
};

export const isSameResource = (a: Resource, b: Resource): boolean =>
  a.resourceType === b.resourceType && a.resourceId === b.resourceId;

export const hasFacts = (listed: Listed): listed is Listed & Observation => 'facts' in listed;
