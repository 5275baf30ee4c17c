import type { Figure } from './figure.ts';
import type { FakeAws } from './start-fake-aws.ts';

/** One measurement. It sets up the fake AWS that it needs, and leaves nothing behind. */
export interface Measurement {
  /** The name on the command line. */
  readonly name: string;
  readonly title: string;
  readonly measure: (aws: FakeAws) => Promise<readonly Figure[]>;
}
