/** An account and a Region: where a regional resource lives. */
export interface Place {
  readonly accountId: string;
  readonly region: string;
}

/** A map key for what `names` identify within an account and Region. */
export const placeKey = ({ accountId, region }: Place, ...names: readonly string[]): string =>
  [accountId, region, ...names].join('/');

export const samePlace = (a: Place, b: Place): boolean => placeKey(a) === placeKey(b);
