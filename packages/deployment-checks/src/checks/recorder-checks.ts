import type { Account } from '@compliance/core';
import { recordedTypes } from '@compliance/infra';

import type { DeployedRecorder } from '../model/deployment.ts';
import type { Problem } from '../model/problem.ts';
import { at, isIn } from '../model/place.ts';
import { isDueIn, placesLooked, rulesIn, type Check, type Wiring } from './check-context.ts';

/** Recorded anew in every Region whose recorder has them. */
const GLOBAL_TYPES = ['AWS::IAM::Group', 'AWS::IAM::Policy', 'AWS::IAM::Role', 'AWS::IAM::User'];

const on: Check = (wiring) =>
  placesLooked(wiring, 'recorders').flatMap((place) => {
    const recorder = wiring.deployment.recorders.find(isIn(place));
    if (recorder?.recording === true || rulesDue(wiring, place.account, place.region).length === 0) return [];
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

const complete: Check = (wiring) =>
  eachRecorder(wiring, (recorder, account, subject) => {
    const missing = typesDue(wiring, account, recorder.region).filter((type) => !records(recorder, type));
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

const globalOnce: Check = (wiring) =>
  eachRecorder(wiring, (recorder, _, subject) => {
    if (recorder.region === wiring.homeRegion) return [];
    const types = GLOBAL_TYPES.filter((type) => records(recorder, type));
    if (types.length === 0) return [];
    return [
      {
        severity: 'warning',
        subject,
        problem: `It records ${types.join(', ')} again, each change at the price of another item.`,
        remedy: `Record global types in the home Region ${wiring.homeRegion} only.`,
      },
    ];
  });

const continuous: Check = (wiring) =>
  eachRecorder(wiring, (recorder, account, subject) => {
    const due = typesDue(wiring, account, recorder.region);
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

const channel: Check = (wiring) =>
  placesLooked(wiring, 'recorders')
    .filter((place) => rulesDue(wiring, place.account, place.region).length > 0)
    .filter((place) => !wiring.deployment.channels.some(isIn(place)))
    .map((place) => ({
      subject: `delivery channel ${at(place)}`,
      problem: 'There is none, and without it a recorder does not start.',
      remedy: 'Apply the member module here with create_recorder.',
    }));

export const recorderChecks = {
  'recorder-on': on,
  'recorder-complete': complete,
  'recorder-global-once': globalOnce,
  'recorder-continuous': continuous,
  'delivery-channel': channel,
} as const satisfies Record<string, Check>;

/** The types that the rules of this account want to hear changes of here. */
const typesDue = (wiring: Wiring, account: Account, region: string): readonly string[] => {
  const { home, elsewhere } = recordedTypes(wiring.rules, wiring.settings);
  const recorded = region === wiring.homeRegion ? home : elsewhere;
  const wanted = rulesDue(wiring, account, region)
    .filter(({ triggers }) => triggers[0] === 'change')
    .map(({ resourceType }) => resourceType);
  return recorded.filter((type) => wanted.includes(type));
};

/** Even a rule that only hears the schedule comes with a pack, and AWS Config deploys none without a recorder. */
const rulesDue = (wiring: Wiring, account: Account, region: string) =>
  rulesIn(wiring, account).filter((rule) => isDueIn(wiring, rule, region));

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
  wiring: Wiring,
  check: (recorder: DeployedRecorder, account: Account, subject: string) => readonly Problem[],
) =>
  placesLooked(wiring, 'recorders').flatMap((place) =>
    wiring.deployment.recorders
      .filter(isIn(place))
      .flatMap((recorder) => check(recorder, place.account, subjectOf(place))),
  );

const subjectOf = (place: { readonly accountId: string; readonly region: string }) =>
  `configuration recorder ${at(place)}`;
