import {
  CreateDetectorCommand,
  GetAdministratorAccountCommand,
  GetDetectorCommand,
  GuardDutyClient,
  ListDetectorsCommand,
  UpdateDetectorCommand,
} from '@aws-sdk/client-guardduty';
import { AccountId, type Change, type Fix } from '@compliance/core';
import { awsError, fakeSession, on } from '@compliance/core/testing';
import { describe, expect, test } from 'vitest';

import type { DetectorFacts } from '../src/detector.ts';
import { guarddutyEnableCentralized as rule } from '../src/rule.ts';

const MEMBER = '111122223333';
const CENTRAL = '999988887777';
const resource = { resourceType: 'AWS::::Account', resourceId: MEMBER };

const contextWith = (parameters: object, accountId = MEMBER) => ({
  parameters: rule.parameters.parse(parameters),
  accountId: AccountId.parse(accountId),
  region: 'eu-west-1',
  partition: 'aws',
  now: new Date('2026-11-20T12:00:00Z'),
});
const centralized = { centralMonitoringAccount: CENTRAL };
const administrated = (relationshipStatus: string, accountId = CENTRAL) => ({
  accountId,
  relationshipStatus,
});

const factsOf = (facts: Partial<DetectorFacts>): DetectorFacts => ({
  detector: 'ENABLED',
  administrator: null,
  ...facts,
});

describe('judge', () => {
  const verdict = (facts: Partial<DetectorFacts>, parameters: object = {}, accountId = MEMBER) =>
    rule.judge(factsOf(facts), contextWith(parameters, accountId));

  test.each([
    ['a detector where the settings name no central account', {}, {}],
    ['a member of the central account', { administrator: administrated('Enabled') }, centralized],
    [
      'a detector with an administrator that the settings do not require',
      { administrator: administrated('Invited', '444455556666') },
      {},
    ],
  ] as const)('%s is COMPLIANT', (_, facts, parameters) => {
    expect(verdict(facts, parameters)).toEqual({ complianceType: 'COMPLIANT' });
  });

  test('the central account has no administrator and is COMPLIANT', () => {
    expect(verdict({}, centralized, CENTRAL)).toEqual({ complianceType: 'COMPLIANT' });
  });

  test.each([
    [{ detector: 'ABSENT' }, {}, 'GuardDuty is off: there is no detector.'],
    [{ detector: 'DISABLED' }, {}, 'GuardDuty is off: its detector is suspended.'],
    [{}, centralized, `GuardDuty has no administrator account; it must be ${CENTRAL}.`],
    [
      { administrator: administrated('Enabled', '444455556666') },
      centralized,
      `GuardDuty is managed by 444455556666, not by ${CENTRAL}.`,
    ],
    ...['Invited', 'Disabled', 'Removed', 'Resigned'].map(
      (status) =>
        [
          { administrator: administrated(status) },
          centralized,
          `The relationship to GuardDuty's administrator ${CENTRAL} is ${status}.`,
        ] as const,
    ),
    [
      { detector: 'ABSENT' },
      centralized,
      `GuardDuty is off: there is no detector. GuardDuty has no administrator account; it must be ${CENTRAL}.`,
    ],
  ] as const)('%j with %j is NON_COMPLIANT', (facts, parameters, annotation) => {
    expect(verdict(facts, parameters)).toEqual({ complianceType: 'NON_COMPLIANT', annotation });
  });

  test('an excluded Region is NOT_APPLICABLE, even without a detector', () => {
    expect(verdict({ detector: 'ABSENT' }, { excludedRegions: ['eu-west-1'] })).toEqual({
      complianceType: 'NOT_APPLICABLE',
      annotation: 'The settings exclude eu-west-1 from GuardDuty.',
    });
  });

  test('a central account that is not an account id is refused', () => {
    expect(rule.parameters.safeParse({ centralMonitoringAccount: 'security' }).success).toBe(false);
  });
});

describe('observe', () => {
  /** A stateful fake: the emulator never answers an administrator. */
  const guardDuty = (administrator?: { AccountId: string; RelationshipStatus: string }) => {
    const detectors = new Map<string, 'ENABLED' | 'DISABLED'>();
    return fakeSession({
      allow: [...rule.permissions.get, 'guardduty:CreateDetector', 'guardduty:UpdateDetector'],
      answers: [
        on(GuardDutyClient, CreateDetectorCommand, ({ Enable }) => {
          detectors.set('d1', Enable ? 'ENABLED' : 'DISABLED');
          return { DetectorId: 'd1' };
        }),
        on(GuardDutyClient, UpdateDetectorCommand, ({ DetectorId = '', Enable }) => {
          detectors.set(DetectorId, Enable ? 'ENABLED' : 'DISABLED');
          return {};
        }),
        on(GuardDutyClient, ListDetectorsCommand, () => ({ DetectorIds: [...detectors.keys()] })),
        on(GuardDutyClient, GetDetectorCommand, ({ DetectorId = '' }) => ({
          Status: detectors.get(DetectorId),
          ServiceRole: 'role',
        })),
        on(GuardDutyClient, GetAdministratorAccountCommand, () => ({ Administrator: administrator })),
      ],
    });
  };

  test('get and list observe the administrator and its relationship', async () => {
    const session = guardDuty({ AccountId: CENTRAL, RelationshipStatus: 'Enabled' });
    await session.client(GuardDutyClient).send(new CreateDetectorCommand({ Enable: true }));
    const seen = {
      facts: { detector: 'ENABLED', administrator: administrated('Enabled') },
      handles: { detectorId: 'd1' },
    };
    await expect(rule.observe.get(resource, { session })).resolves.toEqual(seen);
    await expect(Array.fromAsync(rule.observe.list({ session }))).resolves.toEqual([{ resource, ...seen }]);
  });

  test('an account without a detector is observed with one call', async () => {
    const session = guardDuty();
    await rule.observe.get(resource, { session });
    expect(session.sent.map(({ operation }) => operation)).toEqual(['ListDetectors']);
  });

  test('a fix of the detector leaves only the central account to a person', async () => {
    const session = guardDuty();
    const context = contextWith(centralized);
    const before = await rule.observe.get(resource, { session });
    const { facts, handles } = present(before);
    const change = changeOf(rule.fix?.({ ...context, resource, facts, handles: present(handles) }));
    expect(change.effectiveAfter).toEqual({
      manual: expect.stringContaining(`Add ${MEMBER} as a member of ${CENTRAL}`),
    });
    for (const step of change.steps) if (step.type === 'call') await step.operation.send(step.input, session);
    const after = present(await rule.observe.get(resource, { session }));
    expect(rule.judge(after.facts, context)).toMatchObject({
      annotation: expect.stringMatching(/^GuardDuty has no administrator/),
    });
  });

  test('a detector that may not be read is an error, not a verdict', async () => {
    const session = fakeSession({
      allow: rule.permissions.get,
      answers: [
        on(GuardDutyClient, ListDetectorsCommand, () => {
          throw awsError('AccessDeniedException');
        }),
      ],
    });
    await expect(rule.observe.get(resource, { session })).rejects.toThrow('AccessDeniedException');
  });
});

describe('fix', () => {
  const fix = (facts: Partial<DetectorFacts>, parameters: object, detectorId: string | null) =>
    rule.fix?.({ ...contextWith(parameters), resource, facts: factsOf(facts), handles: { detectorId } });

  test('a missing central account alone is left to a person', () => {
    expect(fix({}, centralized, 'd1')).toEqual({ manual: expect.stringContaining(CENTRAL) });
  });

  test('a detector is created with the frequency of the settings, and its undo deletes exactly that one', () => {
    const change = fix({ detector: 'ABSENT' }, { findingPublishingFrequency: 'ONE_HOUR' }, null);
    expect(change).toMatchObject({
      risk: 'safe',
      steps: [{ input: { Enable: true, FindingPublishingFrequency: 'ONE_HOUR' } }],
    });
    expect(change).not.toHaveProperty('effectiveAfter');
    const [step] = changeOf(change).steps;
    const undo = step?.type === 'call' && typeof step.undo === 'function' ? step.undo : undefined;
    expect(undo?.({ DetectorId: 'd9' })).toMatchObject({
      operation: { name: 'DeleteDetector' },
      input: { DetectorId: 'd9' },
    });
  });

  test('a suspended detector is turned on without other changes', () => {
    expect(fix({ detector: 'DISABLED' }, {}, 'd1')).toMatchObject({
      steps: [
        {
          operation: { name: 'UpdateDetector' },
          input: { DetectorId: 'd1', Enable: true },
          undo: { input: { DetectorId: 'd1', Enable: false } },
        },
      ],
    });
  });
});

const changeOf = (fix: Fix<DetectorFacts> | undefined): Change<DetectorFacts> => {
  if (!fix || 'manual' in fix) throw new Error(`Expected a change, not ${JSON.stringify(fix)}.`);
  return fix;
};

const present = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('Expected a value.');
  return value;
};
