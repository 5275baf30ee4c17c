import {
  ParameterNotFound,
  PutParameterCommand,
  SSMClient,
  paginateGetParameterHistory,
  type ParameterHistory,
} from '@aws-sdk/client-ssm';
import { STOP_PARAMETER } from '@compliance/infra';

import { masterAccess, type MasterFlags } from '../../operator/master-access.ts';
import { UsageError } from '../../output/exit-codes.ts';

export type StopSwitchAction = 'show' | 'on' | 'off';

export interface StopSwitchFlags extends MasterFlags {
  readonly json?: true;
}

/** Turns the switch where the action says so, and says how it stands. */
export const turnStopSwitch = async (
  action: StopSwitchAction,
  { json, ...flags }: StopSwitchFlags,
): Promise<void> => {
  const access = await masterAccess(flags);
  const { region } = access;
  const ssm = new SSMClient(access);
  // Read first: in a wrong account or Region a switch would be made that nobody reads.
  const before = await lastTurn(ssm, region);
  if (action !== 'show' && before.Value !== action)
    await ssm.send(
      new PutParameterCommand({ Name: STOP_PARAMETER, Value: action, Type: 'String', Overwrite: true }),
    );
  const standing = standingOf(action === 'show' ? before : await lastTurn(ssm, region));
  process.stdout.write(json ? `${JSON.stringify(standing)}\n` : describe(standing));
};

const lastTurn = async (client: SSMClient, region: string): Promise<ParameterHistory> => {
  try {
    const turns: ParameterHistory[] = [];
    for await (const { Parameters = [] } of paginateGetParameterHistory({ client }, { Name: STOP_PARAMETER }))
      turns.push(...Parameters);
    return turns.toSorted((a, b) => (b.Version ?? 0) - (a.Version ?? 0))[0] ?? {};
  } catch (error) {
    if (!(error instanceof ParameterNotFound)) throw error;
    throw new UsageError(
      `There is no ${STOP_PARAMETER} in ${region}: these credentials are not of the master account, or ${region} is not its home Region. (In the master itself, a missing switch stops every fix.)`,
      { cause: error },
    );
  }
};

interface Standing {
  readonly stopped: boolean;
  readonly since?: string;
  readonly by?: string;
}

// As the functions read it: anything but `off` stops.
const standingOf = ({ Value, LastModifiedDate, LastModifiedUser }: ParameterHistory): Standing => ({
  stopped: Value !== 'off',
  ...(LastModifiedDate && { since: LastModifiedDate.toISOString() }),
  ...(LastModifiedUser !== undefined && { by: LastModifiedUser }),
});

const describe = ({ stopped, since, by }: Standing): string => {
  const state = stopped ? 'on: nothing is fixed in any account' : 'off: fixes run as the settings say';
  return `${state}${since === undefined ? '' : `, since ${since}`}${by === undefined ? '' : ` by ${by}`}\n`;
};
