import { explain } from '@compliance/core';

/** Says which sealed object is not what was sealed, and why. */
export class BrokenSealError extends Error {
  override readonly name = 'BrokenSealError';
  readonly place: string;
  readonly what: string;

  constructor(place: string, what: string, options?: ErrorOptions) {
    super(`${place}: ${what} Run 'compliance ledger verify'.`, options);
    this.place = place;
    this.what = what;
  }
}

/** What to throw for an object: S3 or the disk may also just have refused to read it. */
export const brokenSeal = (place: string, error: unknown): unknown =>
  isAboutContent(error) ? new BrokenSealError(place, explain(error), { cause: error }) : error;

/** Errors of S3 have metadata, those of the disk a code. */
export const isAboutContent = (error: unknown): boolean =>
  error instanceof Error && !('$metadata' in error) && !('code' in error);
