import type { AccountId } from '../base/account-id.ts';
import { grantAction, isImplied, type Grant } from '../aws/grant.ts';
import type { Resource } from '../aws/resource.ts';
import type { Session } from '../aws/session.ts';
import type { JudgeContext, Observation, Phase, Rule } from '../rule/rule.ts';
import type { Violation } from '../plan/plan-fix.ts';
import type { EmulatedAccount } from './emulator.ts';

export const REGION = 'eu-west-1';

/** The actions that a rule used, by the first phase that grants them. */
type UsedActions = Readonly<Record<Phase, Set<string>>>;

export type ContractRunner = ReturnType<typeof createContractRunner>;

/** Runs a rule's own functions, each with the grants of its phase and nothing more. */
export const createContractRunner = (
  rule: Rule,
  { parameters, now }: { readonly parameters: object; readonly now: Date },
) => {
  const used: UsedActions = { list: new Set(), get: new Set(), fix: new Set(), undo: new Set() };
  const parsed = rule.parameters.parse(parameters);
  const judgeContext = (accountId: AccountId): JudgeContext => ({
    parameters: parsed,
    accountId,
    region: REGION,
    partition: 'aws',
    now,
  });

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

  const get = (account: EmulatedAccount, resource: Resource) =>
    during(account, ['get'], (session) => rule.observe.get(resource, { session }));

  const list = (account: EmulatedAccount) =>
    during(account, ['list'], (session) => Array.fromAsync(rule.observe.list({ session })));

  const judge = (account: EmulatedAccount, observation: Observation) =>
    rule.judge(observation.facts, judgeContext(account.accountId));

  const violation = async (account: EmulatedAccount, resource: Resource): Promise<Violation> => {
    const observation = present(await get(account, resource));
    const verdict = judge(account, observation);
    return { rule, resource, observation, verdict, judgeContext: judgeContext(account.accountId) };
  };

  return { rule, used, judgeContext, during, get, list, judge, violation };
};

const isGrantOf = (action: string) => (grant: Grant) => !isImplied(grant) && grantAction(grant) === action;

/** The value, which the fixture must have made. */
export const present = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('The rule does not observe the resource that the fixture seeded.');
  return value;
};
