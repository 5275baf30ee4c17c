import type { Session } from '../aws/session.ts';
import type { EditStep } from '../rule/change.ts';
import type { Journal } from '../state/journal.ts';
import { withLease } from '../state/lease.ts';
import type { Table } from '../state/table.ts';

/** Longer than a Lambda function can live (15 minutes), so that a lease outlasts its holder. */
const LEASE_SECONDS = 960;

/** Two edits take seconds; SSM waits five minutes for the function. */
const LEASE_WAIT_SECONDS = 60;

/** Runs `work` while no other run edits the same document. */
export const withDocumentLease = <T>(
  { document, key }: Pick<EditStep, 'document' | 'key'>,
  session: Session,
  { table, journal }: { readonly table: Table; readonly journal: Journal },
  work: () => Promise<T>,
): Promise<T> =>
  withLease(
    table,
    {
      name: documentName({ document, key }, session),
      holder: journal.header.changeId,
      seconds: LEASE_SECONDS,
      waitSeconds: LEASE_WAIT_SECONDS,
      clock: session.clock,
    },
    work,
  );

/** The name of a document, unique per account and Region. */
export const documentName = (
  { document, key }: Pick<EditStep, 'document' | 'key'>,
  { accountId, region }: Session,
): string => [document.kind, accountId, region, key].join('|');
