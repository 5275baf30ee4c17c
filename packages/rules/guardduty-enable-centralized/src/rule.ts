import { DeleteDetectorCommand, GuardDutyClient, UpdateDetectorCommand } from '@aws-sdk/client-guardduty';
import {
  ACCOUNT_TYPE,
  compliant,
  defineRule,
  nonCompliant,
  notApplicable,
  observeAccount,
  operation,
} from '@compliance/core/rule';

import { centralGap } from './central-gap.ts';
import { DetectorFacts, DetectorHandles, observeDetector } from './detector.ts';
import { enableDetector } from './enable-detector.ts';
import { Parameters } from './parameters.ts';

const DETECTORS = 'arn:*:guardduty:*:*:detector/*';

const READS = ['guardduty:ListDetectors', 'guardduty:GetDetector', 'guardduty:GetAdministratorAccount'];

export const guarddutyEnableCentralized = defineRule({
  command: 'GUARDDUTY_ENABLE_CENTRALIZED',
  title: 'GuardDuty is on in every Region and managed by one account',
  rationale: 'Intruders prefer Regions that nobody monitors, and a finding helps only if somebody reads it.',
  severity: 'high',
  resourceType: ACCOUNT_TYPE,
  deploy: 'every-region',
  triggers: ['schedule'],
  controls: { 'aws-fsbp': ['GuardDuty.1'] },
  equivalents: {
    config: ['GUARDDUTY_ENABLED_CENTRALIZED'],
    securityHub: ['GuardDuty.1'],
    prowler: ['guardduty_is_enabled', 'guardduty_centrally_managed'],
    custodian: ['account: guard-duty'],
  },
  parameters: Parameters,
  facts: DetectorFacts,
  handles: DetectorHandles,
  permissions: {
    list: READS,
    get: READS,
    fix: [
      // Without a resource in IAM: the detector does not exist yet.
      'guardduty:CreateDetector',
      { action: 'guardduty:UpdateDetector', resource: DETECTORS },
      // The first detector of an account creates the roles of GuardDuty and of its malware scans.
      {
        action: 'iam:CreateServiceLinkedRole',
        resource: [
          'arn:*:iam::*:role/aws-service-role/guardduty.amazonaws.com/*',
          'arn:*:iam::*:role/aws-service-role/malware-protection.guardduty.amazonaws.com/*',
        ],
        condition: {
          StringEquals: {
            'iam:AWSServiceName': ['guardduty.amazonaws.com', 'malware-protection.guardduty.amazonaws.com'],
          },
        },
        implied: true,
      },
    ],
    undo: [
      { action: 'guardduty:DeleteDetector', resource: DETECTORS },
      { action: 'guardduty:UpdateDetector', resource: DETECTORS },
    ],
  },

  observe: observeAccount(observeDetector),

  judge: (facts, context) => {
    const { parameters, region } = context;
    if (parameters.excludedRegions.includes(region))
      return notApplicable(`The settings exclude ${region} from GuardDuty.`);
    const gaps = [DETECTOR_GAP[facts.detector], centralGap(facts, context)];
    const found = gaps.filter((gap) => gap !== undefined);
    return found.length === 0 ? compliant() : nonCompliant(found.join(' '));
  },

  fix: enableDetector,

  undo: {
    operations: [
      operation(GuardDutyClient, DeleteDetectorCommand),
      operation(GuardDutyClient, UpdateDetectorCommand),
    ],
  },
});

const DETECTOR_GAP = {
  ABSENT: 'GuardDuty is off: there is no detector.',
  DISABLED: 'GuardDuty is off: its detector is suspended.',
  ENABLED: undefined,
} as const;
