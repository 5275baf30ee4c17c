/** An account and a Region. */
export interface Place {
  readonly accountId: string;
  readonly region: string;
}

/** Whether two things are in the same account and Region. */
export const isIn =
  ({ accountId, region }: Place) =>
  (thing: Place): boolean =>
    thing.accountId === accountId && thing.region === region;

export const at = ({ accountId, region }: Place): string => `in ${accountId}, ${region}`;
