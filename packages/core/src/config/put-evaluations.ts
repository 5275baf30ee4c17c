import {
  ConfigServiceClient,
  PutEvaluationsCommand,
  type Evaluation as PutEvaluation,
} from '@aws-sdk/client-config-service';

import { transient } from '../base/errors.ts';
import type { Session } from '../aws/session.ts';
import { toPutEvaluation, withoutDuplicates, type Evaluation } from './evaluation.ts';

/** The most evaluations that AWS Config accepts in one call. */
export const EVALUATIONS_PER_CALL = 100;

const ATTEMPTS = 3;

/**
 * Sends verdicts to AWS Config, in the member's account and the rule's Region.
 * An empty list is sent too: it ends the invocation of the token.
 * @throws {ComplianceError} transient `evaluations-refused` when AWS Config keeps refusing some of them
 * @see https://docs.aws.amazon.com/config/latest/APIReference/API_PutEvaluations.html
 */
export const putEvaluations = async (
  session: Session,
  resultToken: string,
  evaluations: readonly Evaluation[],
): Promise<void> => {
  const all = withoutDuplicates(evaluations).map(toPutEvaluation);
  for (let start = 0; start === 0 || start < all.length; start += EVALUATIONS_PER_CALL)
    await putBatch(session, resultToken, all.slice(start, start + EVALUATIONS_PER_CALL));
};

// AWS Config answers HTTP 200 and names what it refused: only that is sent again.
const putBatch = async (session: Session, ResultToken: string, batch: PutEvaluation[]): Promise<void> => {
  const client = session.client(ConfigServiceClient);
  let Evaluations = batch;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const { FailedEvaluations = [] } = await client.send(
      new PutEvaluationsCommand({ ResultToken, Evaluations }),
    );
    if (FailedEvaluations.length === 0) return;
    Evaluations = FailedEvaluations;
  }
  const [first] = Evaluations;
  throw transient(
    'evaluations-refused',
    `AWS Config refused ${Evaluations.length} of ${batch.length} evaluations ${ATTEMPTS} times, ` +
      `the first for ${first?.ComplianceResourceType} ${first?.ComplianceResourceId}.`,
  );
};
