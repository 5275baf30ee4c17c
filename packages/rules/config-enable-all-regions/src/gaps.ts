import { shortened } from '@compliance/core/rule';

import type { Parameters } from './parameters.ts';
import { GLOBAL_TYPES, type Facts, type RegionFacts } from './recorders.ts';

export interface Gap {
  readonly region: string;
  /** Continues a sentence that begins with the Region. */
  readonly text: string;
  /** The recorder that a fix starts; without it, the gap is for a person. */
  readonly start?: string;
}

/** Why AWS Config does not record everything, by Region; one reason each. */
export const gapsOf = ({ regions }: Facts, parameters: Parameters): readonly Gap[] => [
  ...regions.flatMap((found) => gapOf(found, parameters)),
  ...globalGap(regions, parameters),
];

const gapOf = (found: RegionFacts, parameters: Parameters): Gap[] => {
  const { region, recorder, deliveryChannel, unreadable } = found;
  const gap = (text: string) => [{ region, text }];
  if (unreadable !== undefined) return gap(`cannot be read (${shortened(unreadable)})`);
  if (recorder === null) return gap('has no recorder');
  if (recorder.scope === 'inclusions') return gap('records listed types only');
  const denied = recorder.excluded.filter(
    (type) => !GLOBAL_TYPES.includes(type) && !parameters.allowExclusions.includes(type),
  );
  const [excluded] = denied;
  if (excluded !== undefined) return gap(`excludes ${shortened(excluded)}`);
  if (!recorder.serviceLinkedRole && parameters.requireServiceLinkedRole)
    return gap('has a role that is not the service-linked one');
  if (!deliveryChannel) return gap('has no delivery channel');
  if (!recorder.recording) return [{ region, text: 'has a stopped recorder', start: recorder.name }];
  return recorder.lastStatus === 'success'
    ? []
    : gap(`has the last status ${shortened(recorder.lastStatus)}`);
};

const globalGap = (regions: readonly RegionFacts[], { globalTypesRegion }: Parameters): Gap[] => {
  const recorded = regions.some(
    ({ region, recorder }) =>
      recorder?.globalTypes === true &&
      !WITHOUT_GLOBAL_TYPES.includes(region) &&
      (globalTypesRegion === null || region === globalTypesRegion),
  );
  if (recorded) return [];
  return [
    {
      region: globalTypesRegion ?? 'no Region',
      text: globalTypesRegion === null ? 'records the types of IAM' : 'does not record the types of IAM',
    },
  ];
};

/**
 * Regions that AWS Config opened after February 2022, which do not record the types of IAM.
 * @see https://docs.aws.amazon.com/config/latest/developerguide/select-resources.html
 */
const WITHOUT_GLOBAL_TYPES: readonly string[] = [
  'ap-east-2',
  'ap-south-2',
  'ap-southeast-4',
  'ap-southeast-5',
  'ap-southeast-6',
  'ap-southeast-7',
  'ca-west-1',
  'eu-central-2',
  'eu-south-2',
  'il-central-1',
  'me-central-1',
  'mx-central-1',
];
