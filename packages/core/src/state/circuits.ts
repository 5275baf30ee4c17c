import type { FixTarget, LimitContext } from './limits.ts';
import type { Table } from './table.ts';

/** Failures of one rule in so many accounts are the rule's, and not a member's. */
const FAILING_ACCOUNTS = 3;

/**
 * Whether the circuit breaker of a rule is open: in the account, or for the organization.
 * It opens in an account after too many failed fixes there within the hour, so that a member stops only itself. It opens
 * for the organization after as many in three accounts or more.
 */
export const openCircuit = async (
  { command, accountId }: FixTarget,
  { table, limits, now }: LimitContext,
): Promise<'account' | 'organization' | undefined> => {
  const hour = hourOf(now);
  const isAtLeast = async (counter: string, count: number) =>
    (await table.add({ pk: counter, sk: hour, amount: 0, limit: count - 1, expiresAt: expiryOf(now) })) ===
    undefined;
  if (await isAtLeast(inAccount(command, accountId), limits.failuresPerHour)) return 'account';
  if (!(await isAtLeast(inAll(command), limits.failuresPerHour))) return undefined;
  const isSpread = await isAtLeast(failingAccounts(command), FAILING_ACCOUNTS);
  // The release before counted failures of a rule without their accounts, for the hour of the update.
  const isUnknown = !(await isAtLeast(failingAccounts(command), 1));
  return isSpread || isUnknown ? 'organization' : undefined;
};

interface Failure {
  readonly table: Table;
  readonly now: Date;
  /** The account itself is the reason, such as a policy of its own that denies the fix. */
  readonly isOwn: boolean;
}

/** Counts a failed fix towards the circuit breakers of its rule. */
export const recordFailure = async (
  { command, accountId }: FixTarget,
  { table, now, isOwn }: Failure,
): Promise<void> => {
  const increment = (pk: string) => {
    const limit = Number.MAX_SAFE_INTEGER;
    return table.add({ pk, sk: hourOf(now), amount: 1, limit, expiresAt: expiryOf(now) });
  };
  await increment(inAccount(command, accountId));
  if (isOwn) return;
  // Counted apart from the account's own faults, so that three accounts fail only by the rule.
  const isFirst = (await increment(`${inAccount(command, accountId)}#of-the-rule`)) === 1;
  if (isFirst) await increment(failingAccounts(command));
  await increment(inAll(command));
};

const expiryOf = (now: Date) => new Date(now.getTime() + 2 * 3_600_000);
const hourOf = (now: Date) => now.toISOString().slice(0, 13);

const inAccount = (command: string, accountId: string) => `failures#${command}#${accountId}`;
const inAll = (command: string) => `failures#${command}`;
const failingAccounts = (command: string) => `failures#${command}#accounts`;
