import type { AuditEvent } from '@compliance/core';
import type { OrgEvent } from '@compliance/local-org';

import type { Story } from './story.ts';

export interface During {
  readonly audited: readonly AuditEvent[];
  readonly verdicts: readonly Extract<OrgEvent, { type: 'VerdictStored' }>[];
  /** Roles of members that were assumed or asked for. */
  readonly assumed: number;
}

/** What came of something, once all that it set off is over. */
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
