import { AccountId } from '../src/base/account-id.ts';
import type { JournalHeader } from '../src/state/journal.ts';

/** The header of a change's journal. */
export const journalHeader = (over: Partial<JournalHeader> = {}): JournalHeader => ({
  changeId: 'change-1',
  planId: 'plan-1',
  command: 'EXAMPLE_KEEP_VERSIONS',
  accountId: AccountId.parse('111122223333'),
  region: 'eu-west-1',
  partition: 'aws',
  resource: { resourceType: 'AWS::S3::Bucket', resourceId: 'logs' },
  description: 'Turn versioning on',
  executionId: 'execution-1',
  startedAt: '2026-11-20T12:00:00.000Z',
  factsBefore: { status: 'Off' },
  status: 'applying',
  ...over,
});
