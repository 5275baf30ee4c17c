import type { Account } from '@compliance/core';
import { recordedTypes } from '@compliance/infra';

import type { DeployedRecorder } from '../model/deployment.ts';
import type { Problem } from '../model/problem.ts';
import { formatPlace, sameRegionAs } from '../model/place.ts';
import { isDeployedTo, coveredPlaces, rulesIn, type Check, type CheckContext } from './check-context.ts';

/** Recorded anew in every Region whose recorder has them. */
const GLOBAL_TYPES = ['AWS::IAM::Group', 'AWS::IAM::Policy', 'AWS::IAM::Role', 'AWS::IAM::User'];

const recorderOn: Check = (context) =>
  coveredPlaces(context, 'recorders').flatMap((place) => {
    const recorder = context.deployment.recorders.find(sameRegionAs(place));
    if (recorder?.recording === true || rulesDue(context, place.account, place.region).length === 0)
      return [];
    return [
      {
        subject: subjectOf(place),
        problem: recorder
          ? 'It is stopped: no change is noticed, and no pack can be deployed.'
          : 'There is none: no change is noticed, and no pack can be deployed.',
        remedy: recorder ? 'Start it.' : 'Apply the member module here with create_recorder.',
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
        problem: `It does not record ${missing.join(', ')}, which enabled rules judge.`,
        remedy: missing.some((type) => GLOBAL_TYPES.includes(type))
          ? "Record it; IAM's types are left out unless they are listed or asked for as global."
          : 'Record it.',
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
        problem: `It records ${types.join(', ')} again, each change at the price of another item.`,
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
        problem: `It records ${daily.join(', ')} once a day: verdicts upon changes come up to a day late.`,
        remedy: 'Record them continuously.',
      },
    ];
  });

const deliveryChannel: Check = (context) =>
  coveredPlaces(context, 'recorders')
    .filter((place) => rulesDue(context, place.account, place.region).length > 0)
    .filter((place) => !context.deployment.channels.some(sameRegionAs(place)))
    .map((place) => ({
      subject: `delivery channel ${formatPlace(place)}`,
      problem: 'There is none, and without it a recorder does not start.',
      remedy: 'Apply the member module here with create_recorder.',
    }));

export const recorderChecks = {
  'recorder-on': recorderOn,
  'recorder-complete': recorderComplete,
  'recorder-global-once': recorderGlobalOnce,
  'recorder-continuous': recorderContinuous,
  'delivery-channel': deliveryChannel,
} as const satisfies Record<string, Check>;

/** The types that the rules of this account want to hear changes of here. */
const typesDue = (context: CheckContext, account: Account, region: string): readonly string[] => {
  const { home, elsewhere } = recordedTypes(context.rules, context.settings);
  const recorded = region === context.homeRegion ? home : elsewhere;
  const wanted = rulesDue(context, account, region)
    .filter(({ triggers }) => triggers[0] === 'change')
    .map(({ resourceType }) => resourceType);
  return recorded.filter((type) => wanted.includes(type));
};

/** Even a rule that only hears the schedule comes with a pack, and AWS Config deploys none without a recorder. */
const rulesDue = (context: CheckContext, account: Account, region: string) =>
  rulesIn(context, account).filter((rule) => isDeployedTo(context, rule, region));

const records = ({ records: what }: DeployedRecorder, type: string): boolean => {
  switch (what.type) {
    case 'all':
      return what.includeGlobal || !GLOBAL_TYPES.includes(type);
    case 'listed':
      return what.resourceTypes.includes(type);
    case 'all-but':
      return !what.resourceTypes.includes(type);
    default:
      throw new Error(`Unknown way of recording: ${JSON.stringify(what satisfies never)}`);
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

const subjectOf = (place: { readonly accountId: string; readonly region: string }) =>
  `configuration recorder ${formatPlace(place)}`;
