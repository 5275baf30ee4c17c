import { resourceKey } from '../aws/resource.ts';
import { exemptionOf } from '../rule/verdict.ts';
import { readExempt, writeExempt } from '../state/exempt-resources.ts';
import type { EvaluationContext } from './evaluation-context.ts';
import type { Judged } from './sweep.ts';

/**
 * The exempt resources that the ledger knows. AWS Config needs no verdict for an exempt resource that had none, but the
 * ledger does: it is published once, and once more when it is gone or out of scope.
 */
export const openKnownExemptions = async ({ table, event, rule }: EvaluationContext) => {
  const scope = { ...event, command: rule.command };
  const stored = await readExempt(table, scope);
  const known = new Map(stored?.resources);
  let isChanged = false;
  return {
    /** A resource that is gone is published, too. */
    keys: new Set(known.keys()),
    /** Whether the ledger knows another exemption of a resource that is not applicable, or knows it without reason. */
    isNews: ({ resource, verdict }: Judged): boolean =>
      stored !== undefined &&
      verdict.complianceType === 'NOT_APPLICABLE' &&
      known.get(resourceKey(resource)) !== exemptionOf(verdict),
    published: (judged: readonly Judged[]): void => {
      for (const { resource, verdict } of judged) {
        const key = resourceKey(resource);
        const exemption = exemptionOf(verdict);
        if (known.get(key) === exemption) continue;
        isChanged = true;
        if (exemption === undefined) known.delete(key);
        else known.set(key, exemption);
      }
    },
    /** After the whole listing. */
    remember: async (): Promise<void> => {
      if (stored && isChanged) await writeExempt(table, scope, { resources: known, rows: stored.rows });
    },
  };
};
