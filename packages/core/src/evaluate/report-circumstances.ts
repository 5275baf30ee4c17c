import { bestEffort } from '../base/best-effort.ts';
import { auditEvent } from '../audit/audit-event.ts';
import { changedSource, recordSource } from '../state/deployed-rules.ts';
import { recordSweep } from '../state/last-sweep.ts';
import type { EvaluationContext } from './evaluation-context.ts';
import { eventSubject } from './evaluation-events.ts';

/** Publishes that no sweep ran between this one and the last, although the schedule has one there. */
export const reportMissedSweep = async (context: EvaluationContext, thisSweep: Date): Promise<void> => {
  const { table, event, rule, tell, now } = context;
  const lastSweep = await recordSweep(table, { ...event, command: rule.command }, thisSweep);
  if (!lastSweep) return;
  const missed = {
    type: 'sweep-missed',
    ...eventSubject(context),
    lastSweep: lastSweep.toISOString(),
    thisSweep: thisSweep.toISOString(),
  } as const;
  await tell([auditEvent(missed, now(), thisSweep)]);
};

/** Publishes that another source of the rule runs in the Region, however it was deployed. */
export const reportDeployedRule = async ({
  table,
  event: { region },
  rule: { command, release, severity },
  tell,
  now,
}: EvaluationContext): Promise<void> => {
  if (!release) return;
  const running = { command, region, source: release.source };
  const report = async (): Promise<void> => {
    const changed = await changedSource(table, running);
    if (!changed) return;
    const { since, ...previous } = changed;
    const deployed = {
      type: 'rule-deployed',
      command,
      severity,
      region,
      rule: release,
      ...previous,
    } as const;
    if (await tell([auditEvent(deployed, now(), since)])) await recordSource(table, running);
  };
  await bestEffort('Whether the rule was deployed is not known', report, undefined);
};
