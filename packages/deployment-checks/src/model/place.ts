/** An account and a Region. */
export interface AccountRegion {
  readonly accountId: string;
  readonly region: string;
}

/** Whether something is in the same account and Region. */
export const sameRegionAs =
  ({ accountId, region }: AccountRegion) =>
  (other: AccountRegion): boolean =>
    other.accountId === accountId && other.region === region;

/** `in 111122223333, eu-west-1` */
export const formatPlace = ({ accountId, region }: AccountRegion): string => `in ${accountId}, ${region}`;
