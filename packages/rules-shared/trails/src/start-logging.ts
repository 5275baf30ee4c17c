import { CloudTrailClient, StartLoggingCommand, StopLoggingCommand } from '@aws-sdk/client-cloudtrail';
import { call, undoCall, type CallStep } from '@compliance/core/rule';

/** Starts a trail in its home Region, where alone CloudTrail accepts writes by name. */
export const startLogging = (Name: string, region: string): CallStep =>
  call(
    CloudTrailClient,
    StartLoggingCommand,
    { Name },
    {
      region,
      undo: undoCall(
        CloudTrailClient,
        StopLoggingCommand,
        { Name },
        { region, alreadyDone: ['TrailNotFoundException'] },
      ),
    },
  );
