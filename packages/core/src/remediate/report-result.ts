import { defined } from '../base/defined.ts';
import { remediationFinishedEvent } from './finished-event.ts';
import type {
  RemediateDependencies,
  RemediationAnswer,
  RemediationResult,
  RemediationTarget,
} from './remediation.ts';

/** Publishes a result and returns the answer. The event of a change was published with the change. */
export const reportResult = async (
  target: RemediationTarget | undefined,
  result: RemediationResult,
  { publish, now, requestId }: Pick<RemediateDependencies, 'publish' | 'now' | 'requestId'>,
): Promise<RemediationAnswer> => {
  if (!result.published) await publish([remediationFinishedEvent(target, result, now(), requestId)]);
  return answerOf(result);
};

export const answerOf = ({ status, reason, planId, changeId }: RemediationResult): RemediationAnswer => ({
  status,
  reason,
  ...defined({ planId, changeId }),
});
