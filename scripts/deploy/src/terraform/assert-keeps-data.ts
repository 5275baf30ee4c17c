import type { PlannedRoot } from './apply-roots.ts';

/** What holds settings, ledger or state, in the module that has nothing else of that kind. */
const DESTROYED = /^((?:aws_s3_bucket|aws_dynamodb_table)\.\S+) (?:will be destroyed|must be replaced)/;

/** Refuses plans that destroy data, as a setting does that is taken out. @throws {Error} before anything is changed */
export const assertKeepsData = (planned: readonly PlannedRoot[]): void => {
  const lost = planned
    .filter(({ root }) => root.module === 'master-home')
    .flatMap(({ changes }) => changes.map((line) => DESTROYED.exec(line)?.[1]))
    .filter((address) => address !== undefined);
  if (lost.length > 0)
    throw new Error(
      `Refused, and nothing was changed: the plan would destroy what holds data: ${lost.join(', ')}. ` +
        'Put the setting back that needs it. Only make destroy KEEP_DATA=no deletes data.',
    );
};
