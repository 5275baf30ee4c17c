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
 * Turns the detector on. Central management is left to a person:
 * only the administrator account adds a member, and only if the member has a detector.
 */
export const enableDetector = (input: Input) => {
  const { facts, accountId, region, parameters } = input;
  const gap = centralGap(facts, input);
  const manual =
    gap === undefined
      ? undefined
      : `${gap} Add ${accountId} as a member of ${parameters.centralMonitoringAccount} in ${region}.`;
  if (facts.detector === 'ENABLED')
    return { manual: manual ?? `GuardDuty is on in ${region}. There is nothing to do.` };
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
