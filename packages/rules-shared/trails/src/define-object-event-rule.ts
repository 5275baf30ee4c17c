import {
  ACCOUNT_TYPE,
  change,
  compliant,
  defineRule,
  edit,
  firstOf,
  nonCompliant,
  shortened,
  type FixInput,
  type Rule,
} from '@compliance/core/rule';
import * as z from 'zod';

import { annotationOf } from './annotation.ts';
import { TRAIL_READS, type LoadedTrail } from './load-trails.ts';
import { ARN, NO_OBJECT_EVENTS, OBJECT, ObjectEvents, objectEventsOf, type Half } from './object-events.ts';
import { observeAccountTrails, observeEach, observeRecording } from './observe-trails.ts';
import {
  activityShortcomings,
  isUnproven,
  regionalShortcomings,
  unreadShortcomings,
  type Shortcoming,
} from './shortcomings.ts';
import { Recording } from './trail.ts';
import { trailSelectors, withSelector, type AdvancedSelector } from './trail-selectors.ts';

const Parameters = z.object({
  trailName: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe('The trail of the account that a fix extends. Each event of an object is billed.'),
  excludeBuckets: z
    .array(z.string().min(1))
    .default([])
    .describe("Buckets that a trail may leave out, and a fix does, beside the trail's own log bucket."),
});
type Parameters = z.infer<typeof Parameters>;

/** A trail, and what it records of S3 objects. */
const ObjectTrail = Recording.extend({
  logBucket: z.string(),
  /** `null`: the selectors could not be read. */
  objectEvents: ObjectEvents.nullable(),
});
type ObjectTrail = z.infer<typeof ObjectTrail>;
interface Facts {
  readonly trails: ObjectTrail[];
}

type Description = Pick<Rule, 'command' | 'title' | 'rationale' | 'controls' | 'equivalents'>;

/** Defines a rule that a trail of all Regions records the reads, or the writes, of all S3 objects. */
export const defineObjectEventRule = ({ half, ...rule }: Description & { readonly half: Half }) => {
  const selectors = { action: 'cloudtrail:PutEventSelectors', resource: 'arn:*:cloudtrail:*:*:trail/*' };
  return defineRule({
    ...rule,
    severity: 'medium',
    resourceType: ACCOUNT_TYPE,
    deploy: 'home-region',
    triggers: ['schedule'],
    partly: 'Objects in directory buckets (S3 Express), which are resources of another type.',
    parameters: Parameters,
    needs: ['trailName'],
    facts: z.object({ trails: z.array(ObjectTrail) }),
    permissions: { list: TRAIL_READS, get: TRAIL_READS, fix: [selectors], undo: [selectors] },

    observe: observeAccountTrails(async (trails) => ({
      trails: await observeEach(trails, (trail) => observeObjectTrail(trail, half)),
    })),

    judge: ({ trails }, { parameters }) => {
      const lacking = trails.map((trail) => ({
        name: trail.name,
        shortcomings: shortcomingsOf(trail, half, parameters),
      }));
      if (lacking.some(({ shortcomings }) => shortcomings.length === 0)) return compliant();
      const lead = `No trail records all ${half} of S3 objects in all Regions`;
      return nonCompliant(lacking.length > 0 ? annotationOf(lead, lacking) : `${lead}.`);
    },

    fix: (input) => recordObjectEvents(input, half),

    undo: { documents: [trailSelectors] },
  });
};

const observeObjectTrail = async (trail: LoadedTrail, half: Half): Promise<ObjectTrail> => {
  const recording = { ...(await observeRecording(trail)), logBucket: trail.S3BucketName ?? '' };
  if (recording.logging === null) return { ...recording, objectEvents: null };
  // A member may be refused the selectors, but the default one records no object.
  if (!trail.own && trail.HasCustomEventSelectors === false)
    return { ...recording, objectEvents: NO_OBJECT_EVENTS };
  const selectors = await trail.selectors();
  return 'unreadable' in selectors
    ? { ...recording, objectEvents: null, unreadable: selectors.unreadable }
    : { ...recording, objectEvents: objectEventsOf(selectors, half) };
};

const shortcomingsOf = (
  trail: ObjectTrail,
  half: Half,
  { excludeBuckets }: Parameters,
): readonly Shortcoming[] => {
  const { objectEvents, logBucket } = trail;
  const tolerated = new Set([logBucket, ...excludeBuckets]);
  const left = objectEvents && [
    ...objectEvents.excludedBuckets
      .filter((bucket) => !tolerated.has(bucket))
      .map((bucket) => `bucket ${bucket}`),
    ...objectEvents.otherExclusions,
  ];
  return [
    ...regionalShortcomings(trail),
    ...activityShortcomings(trail),
    ...(objectEvents?.recorded === false ? [{ text: `records no ${half}`, remedy: EXTEND }] : []),
    ...(left && left.length > 0 ? [{ text: `leaves out ${firstOf(left)}`, remedy: EXTEND }] : []),
    ...unreadShortcomings(trail, { selectors: objectEvents }),
  ];
};

const EXTEND = 'PutEventSelectors' as const;

const recordObjectEvents = ({ facts, parameters, partition }: FixInput<Facts, Parameters>, half: Half) => {
  const { trailName, excludeBuckets } = parameters;
  const unproven = facts.trails.find((trail) => isUnproven(shortcomingsOf(trail, half, parameters)));
  // A second trail with the same events is billed again.
  if (unproven)
    return {
      manual: `Check whether trail ${unproven.name} in ${unproven.homeRegion} records the ${half} of S3 objects.`,
    };
  if (trailName === null)
    return {
      manual: `Set the parameter trailName to the trail that records the ${half} of S3 objects; each is billed.`,
    };
  const trail = facts.trails.find(({ name, organization }) => name === trailName && !organization);
  if (!trail)
    return { manual: `Create trail ${trailName}, or extend the organization's from its management account.` };
  const others = shortcomingsOf(trail, half, parameters).filter(({ remedy }) => remedy !== EXTEND);
  if (others.length > 0)
    return { manual: `Correct trail ${trailName} first: it ${others.map(({ text }) => text).join(', ')}.` };
  const buckets = [...new Set([trail.logBucket, ...excludeBuckets])].toSorted();
  const selector = selectorOf(half, buckets, partition);
  return change<Facts>({
    description: `Record the ${half} of S3 objects in trail ${shortened(trailName)}, except in ${firstOf(buckets, 2)}; each event is billed`,
    risk: 'safe',
    steps: [
      edit(trailSelectors, (selectors) => withSelector(selectors, selector), {
        key: trailName,
        region: trail.homeRegion,
      }),
    ],
    inCode: {
      terraform: `aws_cloudtrail: advanced_event_selector { field_selector { field = "eventCategory", equals = ["Data"] } field_selector { field = "resources.type", equals = ["${OBJECT}"] } field_selector { field = "readOnly", equals = ["${readOnly(half)}"] } }`,
      cloudFormation: `AWS::CloudTrail::Trail: AdvancedEventSelectors: [{ FieldSelectors: [{ Field: eventCategory, Equals: [Data] }, { Field: resources.type, Equals: [${OBJECT}] }, { Field: readOnly, Equals: ["${readOnly(half)}"] }] }]`,
    },
  });
};

const selectorOf = (half: Half, buckets: readonly string[], partition: string): AdvancedSelector => ({
  Name: `Compliance: ${half} of S3 objects`,
  FieldSelectors: [
    { Field: 'eventCategory', Equals: ['Data'] },
    { Field: 'resources.type', Equals: [OBJECT] },
    { Field: 'readOnly', Equals: [readOnly(half)] },
    // Each delivery of a log file would be an event of its own.
    { Field: ARN, NotStartsWith: buckets.map((bucket) => `arn:${partition}:s3:::${bucket}/`) },
  ],
});

const readOnly = (half: Half) => (half === 'reads' ? 'true' : 'false');
