import { whyNotRds } from '@compliance/rds';
import * as z from 'zod';

export const Facts = z.object({
  engine: z.string(),
  /** A member of a cluster always says that it is in one zone: the rule on clusters judges its cluster. */
  member: z.boolean(),
  readReplica: z.boolean(),
  multiAz: z.boolean(),
  /** Multi-AZ is asked for, and waits for the maintenance window. */
  pending: z.boolean(),
});

/** Why an instance needs no standby of its own; `undefined`: it does. */
export const whyNotMultiAz = ({ engine, member, readReplica }: z.infer<typeof Facts>): string | undefined => {
  if (member) return 'The instance is a member of a cluster, which is judged instead.';
  if (readReplica) return 'The instance is a read replica.';
  const edition = WITHOUT_STANDBY[engine];
  return edition === undefined ? whyNotRds(engine) : `${edition} Edition has no Multi-AZ deployment.`;
};

/** @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_SQLServerMultiAZ.html */
const WITHOUT_STANDBY: Readonly<Record<string, string>> = {
  'sqlserver-ex': 'SQL Server Express',
  'sqlserver-web': 'SQL Server Web',
};
