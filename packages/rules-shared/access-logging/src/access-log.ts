import { CloudWatchLogsClient, paginateDescribeLogGroups } from '@aws-sdk/client-cloudwatch-logs';
import {
  compliant,
  nonCompliant,
  type ConfigurationItem,
  type Session,
  type Verdict,
} from '@compliance/core/rule';
import * as z from 'zod';

/** Where a stage of API Gateway writes its access log. */
export const AccessLog = z.object({
  /** The ARN of a log group or of a delivery stream; `null`: the stage has no access log. */
  destination: z.string().nullable(),
  /** A log group that was deleted takes no log, and the stage does not say so. */
  exists: z.boolean(),
});
export type AccessLog = z.infer<typeof AccessLog>;

/** The facts from an item, which does not say whether a destination exists. */
export const recordedAccessLog = ({ configuration }: ConfigurationItem) => {
  const recorded = Configuration.safeParse(configuration);
  const facts = recorded.success
    ? withoutDestination(recorded.data.accessLogSettings?.destinationArn)
    : undefined;
  return facts && { facts };
};

const Configuration = z.object({
  accessLogSettings: z.object({ destinationArn: z.string().nullish() }).nullish(),
});

/** The facts of a stage without a destination; `undefined`: it has one. */
const withoutDestination = (destination: string | null | undefined): AccessLog | undefined =>
  destination === null || destination === undefined || destination === ''
    ? { destination: null, exists: false }
    : undefined;

/** Observes a destination live. */
export const observeAccessLog = async (
  destination: string | null | undefined,
  session: Session,
): Promise<AccessLog> =>
  withoutDestination(destination) ?? {
    destination: destination ?? null,
    exists: await exists(destination ?? '', session),
  };

/** The same for a listing, in which many stages share a destination. */
export const observeAccessLogOnce = (
  destination: string | null | undefined,
  session: Session,
): Promise<AccessLog> =>
  session.once(`access-logging/${destination ?? ''}`, () => observeAccessLog(destination, session));

/** A delivery stream, and what another account or Region holds, is taken to exist. */
const exists = async (arn: string, session: Session): Promise<boolean> => {
  const [, region, accountId, name = ''] =
    /^arn:[^:]+:logs:([^:]*):([^:]*):log-group:([^:]+)/.exec(arn) ?? [];
  if (region !== session.region || accountId !== session.accountId) return true;
  const pages = paginateDescribeLogGroups(
    { client: session.client(CloudWatchLogsClient) },
    { logGroupNamePrefix: name },
  );
  for await (const { logGroups = [] } of pages)
    if (logGroups.some(({ logGroupName }) => logGroupName === name)) return true;
  return false;
};

export const judgeAccessLog = ({ destination, exists: isThere }: AccessLog): Verdict => {
  if (destination === null) return nonCompliant('The stage writes no access log.');
  if (isThere) return compliant();
  return nonCompliant(`The stage's access log goes to ${destination.slice(-160)}, which does not exist.`);
};
