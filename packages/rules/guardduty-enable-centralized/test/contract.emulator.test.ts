import {
  CreateDetectorCommand,
  GetDetectorCommand,
  GuardDutyClient,
  ListDetectorsCommand,
} from '@aws-sdk/client-guardduty';
import type { Resource, Session } from '@compliance/core';
import { describeRuleContract } from '@compliance/core/testing';

import { guarddutyEnableCentralized } from '../src/rule.ts';

const account = (admin: Session): Resource => ({
  resourceType: 'AWS::::Account',
  resourceId: admin.accountId,
});

const detector = (Enable: boolean) => async (admin: Session) => {
  await admin
    .client(GuardDutyClient)
    .send(new CreateDetectorCommand({ Enable, FindingPublishingFrequency: 'SIX_HOURS' }));
  return account(admin);
};

/** The settings of a detector that existed before: a fix leaves them as they are. */
const chosen = () => {
  const absent = new Set<string>();
  return async (_: Resource, admin: Session) => {
    const client = admin.client(GuardDutyClient);
    const { DetectorIds: [DetectorId] = [] } = await client.send(new ListDetectorsCommand({}));
    if (DetectorId === undefined) absent.add(admin.accountId);
    if (DetectorId === undefined || absent.has(admin.accountId)) return 'nothing';
    const { FindingPublishingFrequency, Features } = await client.send(
      new GetDetectorCommand({ DetectorId }),
    );
    return { FindingPublishingFrequency, Features };
  };
};

describeRuleContract(guarddutyEnableCentralized, {
  compliant: { 'an account with a detector that is on': detector(true) },
  nonCompliant: {
    'an account without a detector': (admin) => Promise.resolve(account(admin)),
    'an account with a suspended detector': detector(false),
  },
  untouched: chosen(),
});

describeRuleContract(guarddutyEnableCentralized, {
  parameters: { centralMonitoringAccount: '999988887777' },
  compliant: {},
  nonCompliant: {},
  manual: { 'an account whose detector no account manages': detector(true) },
  settling: {
    'an account without a detector and without an administrator': {
      seed: (admin) => Promise.resolve(account(admin)),
      settle: { unproven: 'The emulator has no members, and its relationship is ENABLED, not Enabled.' },
    },
  },
  unproven: { 'guardduty:UpdateDetector': 'The contract above proves it.' },
});
