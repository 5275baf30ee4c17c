import * as z from 'zod';

/** The resource type of verdicts on the account itself; its resource id is the account id. */
export const ACCOUNT_TYPE = 'AWS::::Account';

/**
 * The resource of a verdict.
 * `resourceId` is AWS Config's id, which for some types (IAM, RDS) is not the name that the service's own API takes.
 */
export const Resource = z.object({
  resourceType: z.string().min(1).max(256),
  resourceId: z.string().min(1).max(768),
  resourceName: z.string().optional(),
  arn: z.string().optional(),
  tags: z.record(z.string(), z.string()).optional(),
});
export type Resource = Readonly<z.infer<typeof Resource>>;

/** Identifies a resource within one account and Region. */
export const resourceKey = ({ resourceType, resourceId }: Resource): string =>
  `${resourceType}|${resourceId}`;
