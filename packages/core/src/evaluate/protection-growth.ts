import { bestEffort } from '../base/best-effort.ts';
import type { Resource } from '../aws/resource.ts';
import { exclusionOf, type Verdict } from '../rule/verdict.ts';
import { reachesEveryAccount } from '../settings/exemptions.ts';
import type { AuditEvent } from '../audit/audit-event.ts';
import { excludedBefore, recordExcluded } from '../state/excluded-count.ts';
import type { EvaluationContext } from './evaluation-context.ts';

type SweepCompleted = Extract<AuditEvent, { type: 'sweep-completed' }>;

/** What an alarm asks of a sweep: more excluded resources than before, and exemptions that any account can claim. */
export type ProtectionNotices = Pick<SweepCompleted, 'exclusionGrowth' | 'exemptionsByTagAlone'>;

const NAMED = 10;

/** Collects the excluded resources of a sweep, to report their growth. */
export const watchProtection = ({ table, event, rule, exemptions }: EvaluationContext) => {
  const place = { ...event, command: rule.command };
  const excluded = new Set<string>();
  const what = 'The growth of excluded resources could not be told';
  return {
    see: ({ resourceId }: Resource, verdict: Verdict): void => {
      if (exclusionOf(verdict) !== undefined) excluded.add(resourceId);
    },
    /** Never fails: what is told about protection must not hold up verdicts. */
    notices: async (): Promise<ProtectionNotices> => {
      const before = await bestEffort(what, () => excludedBefore(table, place), undefined);
      const wide = exemptions.filter(reachesEveryAccount).map(({ id }) => id);
      return {
        ...(before !== undefined &&
          excluded.size > before && {
            exclusionGrowth: {
              before,
              now: excluded.size,
              resources: [...excluded].toSorted().slice(0, NAMED),
            },
          }),
        ...(wide.length > 0 && { exemptionsByTagAlone: wide.slice(0, NAMED).join(', ') }),
      };
    },
    /** After the notices were published, so that a sweep that fails in between reports again. */
    remember: async (): Promise<void> =>
      bestEffort(what, () => recordExcluded(table, place, excluded.size), undefined),
  };
};
