/** Where a regional thing lives. */
export interface Place {
  readonly accountId: string;
  readonly region: string;
}

/** One key per account and Region, for the maps that stand for AWS's regional stores. */
export const placeKey = ({ accountId, region }: Place): string => `${accountId}/${region}`;

export const samePlace = (a: Place, b: Place): boolean => placeKey(a) === placeKey(b);

/** AWS's partition of a Region: China and GovCloud have their own. */
export const partitionOf = (region: string): string => {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
};
