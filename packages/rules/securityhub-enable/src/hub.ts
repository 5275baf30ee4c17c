import { paginateGetEnabledStandards, SecurityHubClient } from '@aws-sdk/client-securityhub';
import { hasCode, type Session } from '@compliance/core/rule';
import * as z from 'zod';

const Standard = z.object({
  /** `cis-aws-foundations-benchmark/v/5.0.0`: its ARN without partition and Region. */
  name: z.string(),
  status: z.string(),
});

/** Security Hub CSPM in one account and Region, with its standards by name. Security Hub of 2025 is another subscription. */
export const Facts = z.object({ enabled: z.boolean(), standards: z.array(Standard) });
export type Facts = z.infer<typeof Facts>;

/** One call tells both: it is refused when Security Hub is off. */
export const observeHub = async (session: Session): Promise<{ readonly facts: Facts }> => {
  try {
    const pages = await Array.fromAsync(
      paginateGetEnabledStandards({ client: session.client(SecurityHubClient), pageSize: 100 }, {}),
    );
    const standards = pages
      .flatMap(({ StandardsSubscriptions = [] }) => StandardsSubscriptions)
      .map(({ StandardsArn = '', StandardsStatus = 'unknown' }) => ({
        name: nameOf(StandardsArn),
        status: StandardsStatus,
      }));
    return { facts: { enabled: true, standards: standards.toSorted((a, b) => (a.name < b.name ? -1 : 1)) } };
  } catch (error) {
    if (isOff(error)) return { facts: { enabled: false, standards: [] } };
    throw error;
  }
};

/**
 * Whether an error says that Security Hub is off. The same code may mean that the caller lacks a permission.
 * @see https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_GetEnabledStandards.html
 */
const isOff = (error: unknown): boolean =>
  hasCode(error, 'InvalidAccessException') &&
  error instanceof Error &&
  /not subscribed|not enabled/i.test(error.message);

/** `arn:aws:securityhub:eu-west-1::standards/…`, and for the oldest standard `arn:aws:securityhub:::ruleset/…`. */
const nameOf = (arn: string): string => arn.slice(arn.indexOf('/') + 1);

interface Place {
  readonly region: string;
  readonly partition: string;
}

/** The ARN of a standard in a Region. */
export const standardArn = (name: string, { region, partition }: Place): string =>
  name === OLDEST
    ? `arn:${partition}:securityhub:::ruleset/${name}`
    : `arn:${partition}:securityhub:${region}::standards/${name}`;

const OLDEST = 'cis-aws-foundations-benchmark/v/1.2.0';

/** The standards that Security Hub enables when it is asked for its defaults. */
export const DEFAULT_STANDARDS: readonly string[] = [
  OLDEST,
  'aws-foundational-security-best-practices/v/1.0.0',
];
