import { explain } from '@compliance/core';
import {
  hoursLater,
  isHour,
  sealedPeriods,
  verify,
  type ObjectStore,
  type Problem,
  type StoredHead,
} from '@compliance/evidence';

/**
 * Reads back and checks an hour as anybody else would, with the hour before, which it has to follow. Its key is the
 * keeper's, who goes on from no other head.
 */
export const verifyHour = async (
  sealed: ObjectStore,
  { period, keyId }: StoredHead['head'],
): Promise<Problem | undefined> => {
  if (!isHour(period)) return undefined;
  try {
    const before = hoursLater(period, -1);
    const hasBefore = (await sealedPeriods(sealed, before, period)).includes(before);
    const until = hoursLater(period, 1);
    const { problem } = await verify(sealed, {
      from: hasBefore ? before : period,
      to: until,
      until,
      fingerprint: keyId,
    });
    return problem;
  } catch (error) {
    // What cannot be read is not known to be whole.
    return { period, place: 'the sealed hours', what: explain(error) };
  }
};
