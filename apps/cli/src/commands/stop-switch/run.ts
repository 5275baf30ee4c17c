import {
  ParameterNotFound,
  PutParameterCommand,
  SSMClient,
  paginateGetParameterHistory,
  type ParameterHistory,
} from '@aws-sdk/client-ssm';
import { defined } from '@compliance/core';
import { STOP_PARAMETER } from '@compliance/infra';

import { masterAccess, type MasterFlags } from '../../operator/master-access.ts';
import { UsageError } from '../../output/exit-codes.ts';

export type StopSwitchAction = 'show' | 'on' | 'off';

export interface StopSwitchFlags extends MasterFlags {
  readonly reason?: string;
  readonly json?: true;
}

/** Sets or shows the stop switch, and prints its state. */
export const runStopSwitch = async (
  action: StopSwitchAction,
  { json, reason, ...flags }: StopSwitchFlags,
): Promise<void> => {
  const access = await masterAccess(flags);
  const { region } = access;
  const ssm = new SSMClient(access);
  // Read first: in a wrong account or Region the write would create a switch that no function reads.
  const before = await latestVersion(ssm, region);
  if (action !== 'show' && (before.Value !== action || reason !== undefined))
    await ssm.send(
      new PutParameterCommand({
        Name: STOP_PARAMETER,
        Value: action,
        Type: 'String',
        Overwrite: true,
        Description: describeSwitch(reason),
      }),
    );
  const state = stateOf(action === 'show' ? before : await latestVersion(ssm, region));
  process.stdout.write(json ? `${JSON.stringify(state)}\n` : describe(state));
};

const latestVersion = async (client: SSMClient, region: string): Promise<ParameterHistory> => {
  try {
    const versions: ParameterHistory[] = [];
    for await (const { Parameters = [] } of paginateGetParameterHistory({ client }, { Name: STOP_PARAMETER }))
      versions.push(...Parameters);
    return versions.toSorted((a, b) => (b.Version ?? 0) - (a.Version ?? 0))[0] ?? {};
  } catch (error) {
    if (!(error instanceof ParameterNotFound)) throw error;
    throw new UsageError(
      `Stop switch not found: ${STOP_PARAMETER} in ${region}. Use credentials of the master account and its home Region (--profile, --region). If it is missing there, all fixes are stopped.`,
      { cause: error },
    );
  }
};

/** The reason is kept in the description, of which AWS keeps one for each version. */
const describeSwitch = (reason: string | undefined): string =>
  reason === undefined ? DESCRIPTION : `${DESCRIPTION} ${REASON}${reason}`;

const DESCRIPTION = 'While this is on, nothing is fixed in any account.';
const REASON = 'Reason: ';

const reasonIn = (description = ''): string | undefined => {
  const at = description.indexOf(REASON);
  return at < 0 ? undefined : description.slice(at + REASON.length);
};

interface SwitchState {
  readonly stopped: boolean;
  readonly since?: string;
  readonly by?: string;
  readonly reason?: string;
}

// The functions stop for every value except `off`.
const stateOf = ({ Value, LastModifiedDate, LastModifiedUser, Description }: ParameterHistory): SwitchState =>
  defined({
    stopped: Value !== 'off',
    since: LastModifiedDate?.toISOString(),
    by: LastModifiedUser,
    reason: reasonIn(Description),
  });

const describe = ({ stopped, since, by, reason }: SwitchState): string => {
  const position = stopped ? 'on: all fixes are stopped' : 'off: fixes run according to the settings';
  const who = `${since === undefined ? '' : `, since ${since}`}${by === undefined ? '' : ` by ${by}`}`;
  return `${position}${who}${reason === undefined ? '' : ` (${reason})`}\n`;
};
