import type { Resource } from '../aws/resource.ts';
import type { Session } from '../aws/session.ts';

/** The configuration item of a resource in the form of AWS Config's events, for the contract's `item`. */
export const eventItem = (
  { resourceType, resourceId }: Resource,
  { accountId, region }: Pick<Session, 'accountId' | 'region'>,
  members: { readonly configuration: object; readonly supplementaryConfiguration?: object },
): object => ({
  awsAccountId: accountId,
  awsRegion: region,
  resourceType,
  resourceId,
  configurationItemStatus: 'OK',
  configurationItemCaptureTime: '2026-11-20T10:15:30.123Z',
  ...members,
});
