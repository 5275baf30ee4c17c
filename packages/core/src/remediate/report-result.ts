import { defined } from '../base/defined.ts';
import { remediationFinishedEvent } from './finished-event.ts';
import type {
  RemediateDependencies,
  RemediationAnswer,
  RemediationResult,
  RemediationTarget,
} from './remediation.ts';

/** Publishes a result, unless its event was published with its change, and returns the answer to the caller. */
export const reportResult = async (
  target: RemediationTarget | undefined,
  result: RemediationResult,
  { publish, now }: Pick<RemediateDependencies, 'publish' | 'now'>,
): Promise<RemediationAnswer> => {
  if (!result.published) await publish([remediationFinishedEvent(target, result, now())]);
  const { status, reason, planId, changeId } = result;
  return { status, reason, ...defined({ planId, changeId }) };
};
