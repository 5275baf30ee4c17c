import {
  CreateDetectorCommand,
  DeleteDetectorCommand,
  GuardDutyClient,
  UpdateDetectorCommand,
} from '@aws-sdk/client-guardduty';
import { call, change, undoCall, type CallStep, type FixInput } from '@compliance/core/rule';

import { centralGap } from './central-gap.ts';
import type { DetectorFacts, DetectorHandles } from './detector.ts';
import type { Parameters } from './parameters.ts';

type Input = FixInput<DetectorFacts, Parameters, DetectorHandles>;

/**
 * Turns the detector on. To be managed centrally is not for this account to decide: membership is given by the
 * administrator account, and only once there is a detector to be a member with.
 */
export const enableDetector = (input: Input) => {
  const { facts, accountId, region, parameters } = input;
  const gap = centralGap(facts, input);
  const manual =
    gap === undefined
      ? undefined
      : `${gap} Let ${parameters.centralMonitoringAccount} manage ${accountId} as a member in ${region}.`;
  if (facts.detector === 'ENABLED')
    return { manual: manual ?? `GuardDuty is on in ${region}: there is nothing to do.` };
  return change<DetectorFacts>({
    description: `Turn GuardDuty on in ${region}`,
    risk: 'safe',
    inCode: {
      terraform: 'aws_guardduty_detector: enable = true',
      cloudFormation: 'AWS::GuardDuty::Detector: Enable: true',
    },
    steps: [enableStep(input)],
    ...(manual && { effectiveAfter: { manual } }),
  });
};

const enableStep = ({ handles: { detectorId: DetectorId }, parameters }: Input): CallStep =>
  DetectorId === null
    ? call(
        GuardDutyClient,
        CreateDetectorCommand,
        { Enable: true, FindingPublishingFrequency: parameters.findingPublishingFrequency },
        {
          undo: (created) =>
            created.DetectorId === undefined
              ? { impossible: 'GuardDuty did not say which detector it created.' }
              : undoCall(GuardDutyClient, DeleteDetectorCommand, { DetectorId: created.DetectorId }),
        },
      )
    : call(
        GuardDutyClient,
        UpdateDetectorCommand,
        { DetectorId, Enable: true },
        { undo: undoCall(GuardDutyClient, UpdateDetectorCommand, { DetectorId, Enable: false }) },
      );
