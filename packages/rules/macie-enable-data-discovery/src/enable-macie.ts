import {
  AutomatedDiscoveryStatus,
  DisableMacieCommand,
  EnableMacieCommand,
  Macie2Client,
  MacieStatus,
  UpdateAutomatedDiscoveryConfigurationCommand,
  UpdateMacieSessionCommand,
} from '@aws-sdk/client-macie2';
import { call, change, undoCall, type CallStep, type FixInput } from '@compliance/core/rule';

import type { Facts } from './macie.ts';

type Input = FixInput<Facts, { readonly requireAutomatedDiscovery: boolean }>;

/** Turns Macie on or resumes it, and its automated discovery where the settings require that. */
export const enableMacie = ({ facts, region, parameters: { requireAutomatedDiscovery } }: Input) => {
  const discovery = requireAutomatedDiscovery && !facts.automatedDiscovery;
  // AWS refuses it to a member.
  if (discovery && facts.member)
    return {
      manual: `Turn automated discovery of this account on in ${region} as the administrator of Macie for the organization.`,
    };
  return change<Facts>({
    description:
      facts.status === 'ENABLED'
        ? `Discover sensitive data automatically with Macie in ${region}`
        : `${facts.status === 'OFF' ? 'Turn on' : 'Resume'} Macie in ${region}${discovery ? ', with automated discovery' : ''}`,
    risk: 'safe',
    inCode: IN_CODE,
    steps: [
      ...(facts.status === 'ENABLED' ? [] : [facts.status === 'OFF' ? ENABLE : RESUME]),
      ...(discovery ? [DISCOVER] : []),
    ],
  });
};

const ENABLE: CallStep = call(
  Macie2Client,
  EnableMacieCommand,
  { status: MacieStatus.ENABLED },
  { undo: undoCall(Macie2Client, DisableMacieCommand, {}) },
);

const RESUME: CallStep = call(
  Macie2Client,
  UpdateMacieSessionCommand,
  { status: MacieStatus.ENABLED },
  { undo: undoCall(Macie2Client, UpdateMacieSessionCommand, { status: MacieStatus.PAUSED }) },
);

const DISCOVER: CallStep = call(
  Macie2Client,
  UpdateAutomatedDiscoveryConfigurationCommand,
  { status: AutomatedDiscoveryStatus.ENABLED },
  {
    undo: undoCall(Macie2Client, UpdateAutomatedDiscoveryConfigurationCommand, {
      status: AutomatedDiscoveryStatus.DISABLED,
    }),
  },
);

const IN_CODE = {
  terraform: 'aws_macie2_account: status = "ENABLED"',
  cloudFormation: 'AWS::Macie::Session: Status: ENABLED',
};
