import type { Account } from '@compliance/core';
import { recordedTypes } from '@compliance/infra';

import type { DeployedRecorder } from '../model/deployment.ts';
import { formatPlace, sameRegionAs, type AccountRegion } from '../model/place.ts';
import type { Problem } from '../model/problem.ts';
import { coveredPlaces, isDeployedTo, rulesIn, type Check, type CheckContext } from './check-context.ts';

/** Every Region whose recorder includes these types records them again. */
const GLOBAL_TYPES = ['AWS::IAM::Group', 'AWS::IAM::Policy', 'AWS::IAM::Role', 'AWS::IAM::User'];

const recorderOn: Check = (context) =>
  coveredPlaces(context, 'recorders').flatMap((place) => {
    const recorder = context.deployment.recorders.find(sameRegionAs(place));
    if (recorder?.recording === true || rulesDue(context, place.account, place.region).length === 0)
      return [];
    return [
      {
        subject: subjectOf(place),
        problem: `The configuration recorder ${recorder ? 'is stopped' : 'does not exist'}: changes are not recorded, and no pack can be deployed.`,
        remedy: recorder
          ? 'Start the configuration recorder.'
          : 'Apply the member module here with create_recorder.',
      },
    ];
  });

const recorderComplete: Check = (context) =>
  eachRecorder(context, (recorder, account, subject) => {
    const missing = typesDue(context, account, recorder.region).filter((type) => !records(recorder, type));
    if (missing.length === 0) return [];
    return [
      {
        subject,
        problem: `The configuration recorder does not record ${missing.join(', ')}, which enabled rules evaluate.`,
        remedy: missing.some((type) => GLOBAL_TYPES.includes(type))
          ? `Record ${missing.join(', ')}; IAM types must be listed, or global types included.`
          : `Record ${missing.join(', ')}.`,
      },
    ];
  });

const recorderGlobalOnce: Check = (context) =>
  eachRecorder(context, (recorder, _, subject) => {
    if (recorder.region === context.homeRegion) return [];
    const types = GLOBAL_TYPES.filter((type) => records(recorder, type));
    if (types.length === 0) return [];
    return [
      {
        severity: 'warning',
        subject,
        problem: `The configuration recorder also records ${types.join(', ')}: each change costs another configuration item.`,
        remedy: `Record global types in the home Region ${context.homeRegion} only.`,
      },
    ];
  });

const recorderContinuous: Check = (context) =>
  eachRecorder(context, (recorder, account, subject) => {
    const due = typesDue(context, account, recorder.region);
    const daily = recorder.daily.includes('*') ? due : due.filter((type) => recorder.daily.includes(type));
    if (daily.length === 0) return [];
    return [
      {
        severity: 'warning',
        subject,
        problem: `The configuration recorder records ${daily.join(', ')} once a day: verdicts are up to a day late.`,
        remedy: `Record ${daily.join(', ')} continuously.`,
      },
    ];
  });

const deliveryChannel: Check = (context) =>
  coveredPlaces(context, 'recorders')
    .filter((place) => rulesDue(context, place.account, place.region).length > 0)
    .filter((place) => !context.deployment.channels.some(sameRegionAs(place)))
    .map((place) => ({
      subject: `delivery channel ${formatPlace(place)}`,
      problem: 'The delivery channel does not exist: without one, the configuration recorder does not start.',
      remedy: 'Apply the member module here with create_recorder.',
    }));

export const recorderChecks = {
  'recorder-on': recorderOn,
  'recorder-complete': recorderComplete,
  'recorder-global-once': recorderGlobalOnce,
  'recorder-continuous': recorderContinuous,
  'delivery-channel': deliveryChannel,
} as const satisfies Record<string, Check>;

/** The types that a recorder must record for the enabled rules. */
const typesDue = (context: CheckContext, account: Account, region: string): readonly string[] => {
  const { home, elsewhere } = recordedTypes(context.rules, context.settings);
  const recorded = region === context.homeRegion ? home : elsewhere;
  const wanted = rulesDue(context, account, region)
    .filter(({ triggers }) => triggers[0] === 'change')
    .map(({ resourceType }) => resourceType);
  return recorded.filter((type) => wanted.includes(type));
};

/** Includes scheduled rules: AWS Config deploys no pack without a recorder. */
const rulesDue = (context: CheckContext, account: Account, region: string) =>
  rulesIn(context, account).filter((rule) => isDeployedTo(context, rule, region));

const records = ({ records: scope }: DeployedRecorder, type: string): boolean => {
  switch (scope.type) {
    case 'all':
      return scope.includeGlobal || !GLOBAL_TYPES.includes(type);
    case 'listed':
      return scope.resourceTypes.includes(type);
    case 'all-but':
      return !scope.resourceTypes.includes(type);
    default:
      throw new Error(`Unknown recording scope: ${JSON.stringify(scope satisfies never)}.`);
  }
};

const eachRecorder = (
  context: CheckContext,
  check: (recorder: DeployedRecorder, account: Account, subject: string) => readonly Problem[],
) =>
  coveredPlaces(context, 'recorders').flatMap((place) =>
    context.deployment.recorders
      .filter(sameRegionAs(place))
      .flatMap((recorder) => check(recorder, place.account, subjectOf(place))),
  );

const subjectOf = (place: AccountRegion) => `configuration recorder ${formatPlace(place)}`;
