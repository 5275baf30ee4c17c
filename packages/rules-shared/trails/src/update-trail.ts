import {
  CloudTrailClient,
  UpdateTrailCommand,
  type UpdateTrailCommandInput,
} from '@aws-sdk/client-cloudtrail';
import { call, operation, undoCall, type CallStep, type Grant } from '@compliance/core/rule';

type Settings = Omit<UpdateTrailCommandInput, 'Name'>;

/** Changes settings of a trail of the session's Region; undo sets them to what they were. */
export const updateTrail = (Name: string, settings: Settings, was: Settings): CallStep =>
  call(
    CloudTrailClient,
    UpdateTrailCommand,
    { Name, ...settings },
    { undo: undoCall(CloudTrailClient, UpdateTrailCommand, { Name, ...was }) },
  );

export const UPDATE_TRAIL: Grant = {
  action: 'cloudtrail:UpdateTrail',
  resource: 'arn:*:cloudtrail:*:*:trail/*',
};

export const UPDATE_TRAIL_UNDO = {
  operations: [operation(CloudTrailClient, UpdateTrailCommand)],
};

/** What a person must do with the organization's trail: a fix would change the records of every account. */
export const leaveOrganizationTrail = (name: string, what: string): { readonly manual: string } => ({
  manual: `${what} for trail ${name} from the organization's management account: it records every account.`,
});
