import {
  CloudTrailClient,
  GetEventSelectorsCommand,
  PutEventSelectorsCommand,
} from '@aws-sdk/client-cloudtrail';
import { defineSharedDocument } from '@compliance/core/rule';
import * as z from 'zod';

import { ARN, isEveryArn, OBJECT } from './object-events.ts';

const Values = z.array(z.string()).exactOptional();

// Strict: a member that is not known here would be lost when the selectors are written.
const AdvancedSelector = z.strictObject({
  Name: z.string().exactOptional(),
  FieldSelectors: z.array(
    z.strictObject({
      Field: z.string(),
      Equals: Values,
      StartsWith: Values,
      EndsWith: Values,
      NotEquals: Values,
      NotStartsWith: Values,
      NotEndsWith: Values,
    }),
  ),
});
export type AdvancedSelector = z.infer<typeof AdvancedSelector>;

const BasicSelector = z.strictObject({
  ReadWriteType: z.enum(['All', 'ReadOnly', 'WriteOnly']).exactOptional(),
  IncludeManagementEvents: z.boolean().exactOptional(),
  DataResources: z.array(z.strictObject({ Type: z.string(), Values: Values })).exactOptional(),
  ExcludeManagementEventSources: Values,
});
type BasicSelector = z.infer<typeof BasicSelector>;

/** The event selectors of a trail, with AWS's names. CloudTrail stores basic or advanced ones, never both. */
const TrailSelectors = z.object({ basic: z.array(BasicSelector), advanced: z.array(AdvancedSelector) });
type TrailSelectors = z.infer<typeof TrailSelectors>;

const DEFAULTS: TrailSelectors = {
  basic: [{ ReadWriteType: 'All', IncludeManagementEvents: true }],
  advanced: [],
};

/**
 * The event selectors of a trail of the session's Region, by its name.
 * A write replaces all of them, and basic ones delete advanced ones and the reverse.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutEventSelectors.html
 */
export const trailSelectors = defineSharedDocument<TrailSelectors>({
  kind: 'cloudtrail/event-selectors',
  defaults: DEFAULTS,
  read: async (TrailName, session) => {
    const answer = await session.client(CloudTrailClient).send(new GetEventSelectorsCommand({ TrailName }));
    const { EventSelectors: basic = [], AdvancedEventSelectors: advanced = [] } = answer;
    if (basic.length === 0 && advanced.length === 0) return DEFAULTS;
    return TrailSelectors.parse({ basic: basic.map(withoutEmpty), advanced: advanced.map(withoutEmpty) });
  },
  write: (TrailName, selectors, session) => put(TrailName, selectors, session.client(CloudTrailClient)),
  remove: (TrailName, session) => put(TrailName, DEFAULTS, session.client(CloudTrailClient)),
});

const put = async (
  TrailName: string,
  { basic, advanced }: TrailSelectors,
  client: CloudTrailClient,
): Promise<void> => {
  await client.send(
    new PutEventSelectorsCommand(
      advanced.length === 0
        ? { TrailName, EventSelectors: basic }
        : { TrailName, AdvancedEventSelectors: [...basic.flatMap(toAdvanced), ...advanced] },
    ),
  );
};

/** Adds an advanced selector. Basic ones become advanced ones that record the same. */
export const withSelector = (
  { basic, advanced }: TrailSelectors,
  selector: AdvancedSelector,
): TrailSelectors => ({
  basic: [],
  advanced: [...basic.flatMap(toAdvanced), ...advanced, selector],
});

/**
 * The advanced selectors that record what a basic one does.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_EventSelector.html
 */
const toAdvanced = ({
  ReadWriteType = 'All',
  IncludeManagementEvents = true,
  DataResources = [],
  ExcludeManagementEventSources = [],
}: BasicSelector): AdvancedSelector[] => {
  const half =
    ReadWriteType === 'All'
      ? []
      : [{ Field: 'readOnly', Equals: [ReadWriteType === 'ReadOnly' ? 'true' : 'false'] }];
  const management = [
    { Field: 'eventCategory', Equals: ['Management'] },
    ...half,
    ...(ExcludeManagementEventSources.length > 0
      ? [{ Field: 'eventSource', NotEquals: ExcludeManagementEventSources }]
      : []),
  ];
  return [
    ...(IncludeManagementEvents ? [{ FieldSelectors: management }] : []),
    ...DataResources.filter(({ Values: values = [] }) => values.length > 0).map(
      ({ Type, Values: values = [] }) => ({
        FieldSelectors: [
          { Field: 'eventCategory', Equals: ['Data'] },
          { Field: 'resources.type', Equals: [Type] },
          ...half,
          ...(values.some(isEveryArn)
            ? []
            : [{ Field: ARN, [Type === OBJECT ? 'StartsWith' : 'Equals']: values }]),
        ],
      }),
    ),
  ];
};

/** CloudTrail answers empty lists for what is not set. */
const withoutEmpty = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined && !(Array.isArray(member) && member.length === 0))
      .map(([name, member]) => [name, withoutEmpty(member)]),
  );
};
