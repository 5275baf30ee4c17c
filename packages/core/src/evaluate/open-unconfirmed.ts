import { resourceKey } from '../aws/resource.ts';
import { confirm, noteUnconfirmed, readUnconfirmed } from '../state/unconfirmed-verdicts.ts';
import type { EvaluationContext } from './evaluation-context.ts';
import type { Judged } from './sweep.ts';

/** The verdicts that earlier runs sent and may not have published, which this sweep publishes again. */
export const openUnconfirmed = async ({ event, rule, table, now }: EvaluationContext) => {
  const scope = { ...event, command: rule.command };
  const earlier = await readUnconfirmed(table, scope);
  const left = new Set(earlier.flatMap(({ resources }) => resources));
  return {
    keys: new Set(left),
    /** Sends and publishes verdicts, which are noted until `send` says that they are published. */
    during: async (judged: readonly Judged[], send: () => Promise<boolean>): Promise<void> => {
      const resources = judged.map(({ resource }) => resourceKey(resource));
      const isNoted = resources.every((key) => left.has(key));
      const batch = isNoted ? undefined : await noteUnconfirmed(table, scope, { resources, now: now() });
      if (!(await send())) return;
      for (const key of resources) left.delete(key);
      if (batch) await confirm(table, batch);
    },
    /** Ends the earlier batches that are published as a whole by now. */
    close: async (): Promise<void> => {
      for (const batch of earlier)
        if (!batch.resources.some((key) => left.has(key))) await confirm(table, batch);
    },
  };
};
