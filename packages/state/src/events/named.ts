import type { AuditEvent } from '@compliance/core';

/** What an event says about a resource besides its id. */
export interface Named {
  /** Where it is not the id. */
  readonly name?: string;
  readonly arn?: string;
  readonly owner?: string;
}

export const namedOf = ({ resource, owner }: Pick<AuditEvent, 'resource' | 'owner'>): Named => ({
  ...(resource?.resourceName !== undefined &&
    resource.resourceName !== resource.resourceId && { name: resource.resourceName }),
  ...(resource?.arn !== undefined && resource.arn !== resource.resourceId && { arn: resource.arn }),
  ...(owner !== undefined && { owner }),
});
