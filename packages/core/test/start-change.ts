import { PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { DeleteTopicCommand, SNSClient } from '@aws-sdk/client-sns';

import { operation } from '../src/aws/operation.ts';
import { call, change, edit, undoCall, type Step } from '../src/rule/change.ts';
import type { Rule } from '../src/rule/rule.ts';
import type { SharedDocument } from '../src/rule/shared-document.ts';
import { openJournal, readChange } from '../src/state/journal.ts';
import type { Table } from '../src/state/table.ts';
import { runSteps } from '../src/remediate/run-steps.ts';
import { undoSteps } from '../src/operate/undo-steps.ts';
import { exampleRule } from '../src/testing/example-rule.ts';
import { fakeSession, type FakeAnswer } from '../src/testing/fake-session.ts';
import { memoryTable } from '../src/testing/memory-table.ts';
import { journalHeader } from './journal-header.ts';

const ALLOWED = ['s3:PutBucketVersioning', 'sns:CreateTopic', 'sns:DeleteTopic'];

export const setVersioning = (Bucket: string, Status: 'Enabled' | 'Suspended') => ({
  Bucket,
  VersioningConfiguration: { Status },
});
/** Turns versioning on, with an undo. */
export const enable = (Bucket: string, options: Partial<Parameters<typeof call>[3]> = {}): Step =>
  call(S3Client, PutBucketVersioningCommand, setVersioning(Bucket, 'Enabled'), {
    undo: undoCall(S3Client, PutBucketVersioningCommand, setVersioning(Bucket, 'Suspended'), {
      alreadyDone: ['NoSuchBucket'],
    }),
    ...options,
  });

/** Requires longer passwords. */
export const stepLonger = (document: SharedDocument) =>
  edit(document, (policy) => ({ ...(policy as object), MinimumPasswordLength: 14 }));

/** A rule that declares the undo operations of these tests, and these documents. */
export const ruleUndoing = (...documents: SharedDocument[]): Rule => ({
  ...exampleRule,
  undo: {
    operations: [operation(S3Client, PutBucketVersioningCommand), operation(SNSClient, DeleteTopicCommand)],
    documents,
  },
});

/** A change that can be applied and undone, over a fake of AWS and of the state table. */
export const startChange = async (answers: readonly FakeAnswer[] = [], table: Table = memoryTable()) => {
  const session = fakeSession({ allow: ALLOWED, answers });
  const journal = await openJournal(table, journalHeader());
  const context = { session, journal, table };
  return {
    session,
    table,
    apply: (...steps: Step[]) => runSteps(change({ description: 'Fix it', risk: 'safe', steps }), context),
    entries: async () => (await readChange(table, 'change-1'))?.entries ?? [],
    undo: async (rule: Rule) =>
      undoSteps(rule, (await readChange(table, 'change-1'))?.entries ?? [], context),
  };
};
