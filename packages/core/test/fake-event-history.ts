import {
  CloudTrailClient,
  LookupEventsCommand,
  type Event,
  type LookupEventsCommandInput,
} from '@aws-sdk/client-cloudtrail';

import { on, type FakeAnswer } from '../src/testing/fake-session.ts';

export interface PastCall {
  readonly name: string;
  readonly by: string;
  readonly at: string;
  /** The resource names of the event; `logs` by default. */
  readonly of?: readonly string[];
  readonly readOnly?: boolean;
  readonly errorCode?: string;
  /** An AWS service, which has no ARN. */
  readonly invokedBy?: string;
}

/** A fake of CloudTrail's event history: these calls in pages of `perPage`, newest first. */
export const fakeEventHistory = (calls: readonly PastCall[], perPage = 50): FakeAnswer =>
  on(
    CloudTrailClient,
    LookupEventsCommand,
    ({
      LookupAttributes: [wanted] = [],
      StartTime = new Date(0),
      NextToken = '0',
    }: LookupEventsCommandInput) => {
      const found = calls
        .filter(({ of = ['logs'] }) => of.includes(wanted?.AttributeValue ?? ''))
        .filter(({ at }) => new Date(at) >= StartTime)
        .toSorted((a, b) => b.at.localeCompare(a.at));
      const end = Number(NextToken) + perPage;
      return {
        Events: found.slice(Number(NextToken), end).map(eventOf),
        ...(end < found.length && { NextToken: String(end) }),
      };
    },
  );

const eventOf = ({ name, by, at, readOnly = false, errorCode, invokedBy }: PastCall): Event => ({
  EventName: name,
  EventTime: new Date(at),
  ReadOnly: String(readOnly),
  Username: by.split('/').at(-1),
  CloudTrailEvent: JSON.stringify({
    userIdentity:
      invokedBy === undefined ? { type: 'AssumedRole', arn: by } : { type: 'AWSService', invokedBy },
    errorCode,
  }),
});
