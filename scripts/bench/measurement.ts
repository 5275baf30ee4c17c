import type { Figure } from './figure.ts';
import type { FakeAws } from './start-fake-aws.ts';

/** One thing to measure. It makes the fake the world it needs, and leaves nothing behind. */
export interface Measurement {
  /** For the command line. */
  readonly name: string;
  readonly title: string;
  readonly measure: (aws: FakeAws) => Promise<readonly Figure[]>;
}
