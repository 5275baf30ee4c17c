import { annotationOf } from '../rule/verdict.ts';
import { isViolating, observeLive } from './observe-live.ts';
import type { RemediationContext } from './remediation.ts';

/** Pauses before each read: for a moment, AWS may answer a read with the state before a write. */
export const VERIFY_DELAYS_MS = [0, 500, 1_500, 3_000];

export interface Verification {
  readonly violates: boolean;
  readonly reason: string;
  /** `undefined` when the resource is gone or could not be read. */
  readonly facts: unknown;
  /** The resource could not be read, because its account denies it. */
  readonly isDenied?: boolean;
}

/** Polls until the resource is compliant or gone. */
export const verifyFix = async (context: RemediationContext): Promise<Verification> => {
  let last: Verification = { violates: true, reason: '', facts: undefined };
  for (const delay of VERIFY_DELAYS_MS) {
    await context.session.clock.sleep(delay);
    const live = await observeLive(context);
    if (!live.observation || !live.verdict)
      return { violates: false, reason: 'the resource is gone', facts: undefined };
    const reason = annotationOf(live.verdict) ?? live.verdict.complianceType;
    last = { violates: isViolating(live), reason, facts: live.observation.facts };
    if (!last.violates) return last;
  }
  return last;
};
