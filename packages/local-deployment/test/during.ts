import type { AuditEvent } from '@compliance/core';
import type { OrgEvent } from '@compliance/local-org';

import type { Story } from './story.ts';

export interface During {
  readonly audited: readonly AuditEvent[];
  readonly verdicts: readonly Extract<OrgEvent, { type: 'VerdictStored' }>[];
  /** How many calls of sts:AssumeRole there were. */
  readonly assumed: number;
}

/** Runs `act`, waits until the organization is idle, and returns what happened. */
export const during = async (story: Story, act: () => unknown): Promise<During> => {
  const from = new Date();
  const verdicts = story.events('VerdictStored').length;
  const assumed = assumptions(story);
  await act();
  await story.whenIdle();
  return {
    audited: await story.audit(from),
    verdicts: story.events('VerdictStored').slice(verdicts),
    assumed: assumptions(story) - assumed,
  };
};

const assumptions = ({ org }: Story) => org.calls.totals()['sts:AssumeRole'] ?? 0;
