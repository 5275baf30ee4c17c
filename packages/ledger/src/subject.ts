import { resourceKey, type AuditEvent, type Resource } from '@compliance/core';

/** What a verdict or a plan is about: one rule and one resource. */
export interface Subject {
  readonly command: string;
  readonly accountId: string;
  readonly region: string;
  readonly resource: Resource;
}

/** The subject of an event, unless it is about more than one resource, or about none. */
export const subjectOf = ({
  command,
  accountId,
  region,
  resource,
}: Pick<AuditEvent, 'command' | 'accountId' | 'region' | 'resource'>): Subject | undefined =>
  command === undefined || accountId === undefined || region === undefined || resource === undefined
    ? undefined
    : { command, accountId, region, resource };

export const subjectKey = ({ command, accountId, region, resource }: Subject): string =>
  [command, accountId, region, resourceKey(resource)].join('|');
