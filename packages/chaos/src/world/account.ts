import { AccountId } from '@compliance/core';

type Versioning = 'Off' | 'Enabled' | 'Suspended';
type Payer = 'BucketOwner' | 'Requester';

/** Who wrote a value last: one of our runs, or somebody else. */
type Writer = 'ours' | 'other';

export interface Bucket {
  versioning: Versioning;
  payer: Payer;
  hasTopic: boolean;
  readonly tags: Readonly<Record<string, string>>;
  /** The writer of each value. */
  readonly writers: Map<string, Writer>;
}

/** A verdict that AWS Config shows. */
interface Shown {
  readonly type: string;
  readonly annotation: string | undefined;
  readonly orderingTime: Date;
}

/** A member account as AWS holds it. */
export interface MemberAccount {
  readonly id: AccountId;
  readonly buckets: Map<string, Bucket>;
  /** The statements of the shared policy, by their ids; `undefined` while there is no policy. */
  policy: readonly string[] | undefined;
  /** By the command of the rule, then by resource id. */
  readonly shown: Map<string, Map<string, Shown>>;
  /** SSM's automations, by their ids. */
  readonly executions: Map<string, object>;
}

export const newAccount = (id: string): MemberAccount => ({
  id: AccountId.parse(id),
  buckets: new Map(),
  policy: undefined,
  shown: new Map(),
  executions: new Map(),
});

export const newBucket = (tags: Readonly<Record<string, string>> = {}): Bucket => ({
  versioning: 'Off',
  payer: 'Requester',
  hasTopic: false,
  tags,
  writers: new Map(),
});
