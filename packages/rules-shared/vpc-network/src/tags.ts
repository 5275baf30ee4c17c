import type { Tag } from '@aws-sdk/client-ec2';

/** The tags of a resource of EC2 by their keys. */
export const tagsOf = (tags: readonly Tag[] = []): Readonly<Record<string, string>> =>
  Object.fromEntries(tags.flatMap(({ Key, Value = '' }) => (Key === undefined ? [] : [[Key, Value]])));
