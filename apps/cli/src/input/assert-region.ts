import { didYouMean, isPlausibleRegion, knownRegions } from '@compliance/core/scan';

import { UsageError } from '../output/exit-codes.ts';

/** @throws {UsageError} with the nearest name when AWS cannot have such a Region */
export const assertRegion = (region: string): void => {
  if (!isPlausibleRegion(region))
    throw new UsageError(
      `Invalid Region: '${region}'${didYouMean(region, knownRegions()) || '. Expected an AWS Region, such as eu-west-1.'}`,
    );
};
