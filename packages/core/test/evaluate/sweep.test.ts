import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import * as z from 'zod';

import { MAX_IN_FLIGHT } from '../../src/aws/create-session.ts';
import { defineRule, type Listed } from '../../src/rule/rule.ts';
import { annotationText } from '../../src/rule/texts.ts';
import { compliant, exempt, nonCompliant, notApplicable, type Verdict } from '../../src/rule/verdict.ts';
import type { PreviousVerdict } from '../../src/config/previous-verdicts.ts';
import { sweep, type Judged, type SweepOptions } from '../../src/evaluate/sweep.ts';
import { fakeSession } from '../../src/testing/fake-session.ts';

const TYPE = 'AWS::S3::Bucket';
const notificationTime = new Date('2026-11-20T12:00:00Z');
const earlier = new Date('2026-11-19T12:00:00Z');
const later = new Date('2026-11-20T12:00:01Z');

/** What a sweep reads of a bucket: facts that give a verdict, or why there are none. */
type Seen = 'good' | 'bad' | 'excluded' | 'notApplicable' | 'exempt' | 'gone' | 'unreadable';
interface Bucket {
  readonly id: string;
  readonly seen: Seen;
  readonly annotation?: string;
  /** The listing returns the facts. */
  readonly hasFacts?: boolean;
}

const verdictOf = ({ seen, annotation = 'Bad.' }: Pick<Bucket, 'seen' | 'annotation'>): Verdict => {
  if (seen === 'good') return compliant();
  if (seen === 'excluded')
    return { complianceType: 'NON_COMPLIANT', annotation, excluded: 'aws-controltower*' };
  if (seen === 'exempt') return exempt('EX-1', annotation);
  return seen === 'bad' ? nonCompliant(annotation) : notApplicable(annotation);
};

const Facts = z.object({ seen: z.string(), annotation: z.string() });

const ruleOver = (list: () => AsyncIterable<Bucket> | Iterable<Bucket>) => {
  const byId = new Map<string, Bucket>();
  return defineRule({
    command: 'EXAMPLE_SWEEP',
    title: 'An example',
    rationale: 'For the test.',
    severity: 'low',
    resourceType: TYPE,
    deploy: 'every-region',
    triggers: ['schedule'],
    controls: {},
    parameters: z.object({}),
    facts: Facts,
    permissions: { list: [], get: [], fix: [], undo: [] },
    guidance: 'None.',
    observe: {
      get: async ({ resourceId }) => {
        const bucket = byId.get(resourceId);
        if (!bucket || bucket.seen === 'unreadable') throw new Error(`${resourceId} cannot be read`);
        return bucket.seen === 'gone' ? undefined : { facts: factsOf(bucket) };
      },
      list: async function* (): AsyncGenerator<Listed<z.infer<typeof Facts>>> {
        for await (const bucket of list()) {
          byId.set(bucket.id, bucket);
          const resource = { resourceType: TYPE, resourceId: bucket.id };
          yield bucket.hasFacts ? { resource, facts: factsOf(bucket) } : { resource };
        }
      },
    },
    judge: () => compliant(),
  });
};

const factsOf = ({ seen, annotation = 'Bad.' }: Bucket) => ({ seen, annotation });

const optionsOf = (
  list: () => AsyncIterable<Bucket> | Iterable<Bucket>,
  over: Partial<SweepOptions> = {},
) => {
  const sent: Judged[] = [];
  const batches: number[] = [];
  const unchanged: string[] = [];
  const unreadable: string[] = [];
  const options: SweepOptions = {
    rule: ruleOver(list),
    session: fakeSession({ allow: [], answers: [] }),
    notificationTime,
    full: false,
    repeatNonCompliant: false,
    judge: (_, { facts }) => verdictOf(facts as Bucket),
    send: async (judged) => {
      batches.push(judged.length);
      sent.push(...judged);
    },
    onUnchanged: async (judged) => void unchanged.push(...judged.map((one) => one.resource.resourceId)),
    vanishedReason: 'The resource is gone.',
    onUnreadable: (resource) => void unreadable.push(resource.resourceId),
    ...over,
  };
  return { options, sent, batches, unchanged, unreadable };
};

const previousOf = (rows: readonly (readonly [string, Partial<PreviousVerdict>])[]) =>
  new Map(
    rows.map(([id, row]): [string, PreviousVerdict] => [
      `${TYPE}|${id}`,
      { complianceType: 'COMPLIANT', annotation: undefined, orderingTime: earlier, ...row },
    ]),
  );

const wasCompliant = { complianceType: 'COMPLIANT' } as const;
const wasBad = { complianceType: 'NON_COMPLIANT', annotation: 'Bad.' } as const;

const run = async (buckets: readonly Bucket[], over: Partial<SweepOptions> = {}) => {
  const { options, ...seen } = optionsOf(() => buckets, over);
  const counts = await sweep(options);
  const sentTypes = Object.fromEntries(
    seen.sent.map(({ resource, verdict }) => [resource.resourceId, verdict.complianceType]),
  );
  return { ...seen, counts, sentTypes };
};

describe('the verdicts that a sweep sends', () => {
  test.each<[string, Seen, Partial<PreviousVerdict> | undefined, string | undefined]>([
    ['COMPLIANT for a new resource', 'good', undefined, 'COMPLIANT'],
    ['COMPLIANT for a resource that was NON_COMPLIANT', 'good', wasBad, 'COMPLIANT'],
    ['nothing for a resource that was COMPLIANT', 'good', wasCompliant, undefined],
    ['NON_COMPLIANT for a new resource', 'bad', undefined, 'NON_COMPLIANT'],
    ['NON_COMPLIANT for a resource that was COMPLIANT', 'bad', wasCompliant, 'NON_COMPLIANT'],
    ['nothing for a resource that was NON_COMPLIANT for the same reason', 'bad', wasBad, undefined],
    ['NON_COMPLIANT for a changed reason', 'bad', { ...wasBad, annotation: 'Worse.' }, 'NON_COMPLIANT'],
    [
      'NON_COMPLIANT for a verdict without a reason',
      'bad',
      { ...wasBad, annotation: undefined },
      'NON_COMPLIANT',
    ],
    ['nothing for a new resource that is NOT_APPLICABLE', 'notApplicable', undefined, undefined],
    ['NOT_APPLICABLE for a resource that was NON_COMPLIANT', 'notApplicable', wasBad, 'NOT_APPLICABLE'],
    ['NOT_APPLICABLE for a resource that was COMPLIANT', 'notApplicable', wasCompliant, 'NOT_APPLICABLE'],
    ['NOT_APPLICABLE for a resource that is gone between two calls', 'gone', wasBad, 'NOT_APPLICABLE'],
    ['nothing for a new resource that is gone', 'gone', undefined, undefined],
    ['nothing for an unreadable resource that was COMPLIANT', 'unreadable', wasCompliant, undefined],
    ['nothing for an unreadable resource that was NON_COMPLIANT', 'unreadable', wasBad, undefined],
    [
      'nothing for a resource with a newer verdict',
      'bad',
      { ...wasCompliant, orderingTime: later },
      undefined,
    ],
    [
      'nothing for a gone resource with a newer verdict',
      'gone',
      { ...wasBad, orderingTime: later },
      undefined,
    ],
    [
      'NON_COMPLIANT for a resource with a verdict of the same time',
      'bad',
      { ...wasCompliant, orderingTime: notificationTime },
      'NON_COMPLIANT',
    ],
  ])('a sweep sends %s', async (_, seen, before, expected) => {
    const previous = previousOf(before ? [['a', before]] : []);
    for (const hasFacts of [false, true]) {
      if (hasFacts && (seen === 'gone' || seen === 'unreadable')) continue;
      const { sent } = await run([{ id: 'a', seen, hasFacts }], { previous });
      expect(sent.map(({ verdict }) => verdict.complianceType)).toEqual(expected ? [expected] : []);
      expect(sent.every(({ orderingTime }) => orderingTime === notificationTime)).toBe(true);
    }
  });

  test('a sweep compares the reason in the form that AWS Config stores', async () => {
    const annotation = `Ä${'x'.repeat(400)}`;
    const previous = previousOf([['a', { ...wasBad, annotation: annotationText(annotation) }]]);
    expect((await run([{ id: 'a', seen: 'bad', annotation }], { previous })).sent).toEqual([]);
  });

  test('a sweep repeats an unchanged NON_COMPLIANT verdict when the options say so', async () => {
    const previous = previousOf([['a', wasBad]]);
    const { sentTypes, unchanged } = await run([{ id: 'a', seen: 'bad' }], {
      previous,
      repeatNonCompliant: true,
    });
    expect(sentTypes).toEqual({ a: 'NON_COMPLIANT' });
    expect(unchanged).toEqual([]);
  });

  test('a sweep hands on unchanged NON_COMPLIANT verdicts only', async () => {
    const previous = previousOf([
      ['a', wasBad],
      ['b', wasCompliant],
    ]);
    const buckets = [
      { id: 'a', seen: 'bad' },
      { id: 'b', seen: 'good' },
      { id: 'c', seen: 'bad' },
    ] as const;
    const { unchanged, sentTypes } = await run(buckets, { previous });
    expect(unchanged).toEqual(['a']);
    expect(sentTypes).toEqual({ c: 'NON_COMPLIANT' });
  });

  test('a resource that is no longer listed becomes NOT_APPLICABLE, unless it was judged since', async () => {
    const previous = previousOf([
      ['old', wasBad],
      ['with|bar', wasCompliant],
      ['new', { ...wasBad, orderingTime: later }],
    ]);
    const { sent, counts } = await run([], { previous });
    expect(sent).toEqual(
      ['old', 'with|bar'].map((resourceId) => ({
        resource: { resourceType: TYPE, resourceId },
        verdict: notApplicable('The resource is gone.'),
        orderingTime: notificationTime,
      })),
    );
    expect(counts).toMatchObject({ resources: 0, vanished: 2, sent: 2 });
  });

  test('a resource that is no longer listed vanishes even when another type has the same id', async () => {
    const other: [string, PreviousVerdict] = ['AWS::S3::AccessPoint|a', { ...wasBad, orderingTime: earlier }];
    const { sent } = await run([{ id: 'a', seen: 'good' }], { previous: new Map([other]) });
    expect(sent.map(({ resource }) => resource.resourceType)).toEqual([TYPE, 'AWS::S3::AccessPoint']);
  });

  test('a sweep without previous verdicts sends all and cleans up nothing', async () => {
    const buckets = [
      { id: 'a', seen: 'good' },
      { id: 'b', seen: 'bad' },
      { id: 'c', seen: 'notApplicable' },
      { id: 'd', seen: 'gone' },
    ] as const;
    const { sentTypes, counts } = await run(buckets, { previous: undefined });
    expect(sentTypes).toEqual({ a: 'COMPLIANT', b: 'NON_COMPLIANT', c: 'NOT_APPLICABLE' });
    expect(counts.vanished).toBe(0);
  });

  test('a full sweep sends every verdict, changed or not, except over a newer one', async () => {
    const previous = previousOf([
      ['a', wasCompliant],
      ['b', wasBad],
      ['c', { ...wasBad, orderingTime: later }],
      ['old', wasBad],
    ]);
    const buckets = [
      { id: 'a', seen: 'good' },
      { id: 'b', seen: 'bad' },
      { id: 'c', seen: 'good' },
      { id: 'd', seen: 'notApplicable' },
    ] as const;
    const { sentTypes } = await run(buckets, { previous, full: true });
    expect(sentTypes).toEqual({
      a: 'COMPLIANT',
      b: 'NON_COMPLIANT',
      d: 'NOT_APPLICABLE',
      old: 'NOT_APPLICABLE',
    });
  });

  test('AWS Config shows what any sweep saw, after no more verdicts than needed', async () => {
    const seen = fc.constantFrom<Seen>('good', 'bad', 'notApplicable', 'gone', 'unreadable');
    const annotation = fc.constantFrom('Bad.', 'Worse.');
    const listed = fc.uniqueArray(
      fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), seen, annotation }),
      {
        selector: ({ id }) => id,
      },
    );
    const row = fc.record({
      complianceType: fc.constantFrom('COMPLIANT' as const, 'NON_COMPLIANT' as const),
      annotation,
      orderingTime: fc.constantFrom(earlier, later),
    });
    const shown = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'), row);
    await fc.assert(
      fc.asyncProperty(listed, shown, fc.boolean(), async (buckets, rows, full) => {
        const previous = previousOf(Object.entries(rows));
        const { sent, counts } = await run(buckets, { previous, full });

        const after = new Map<string, string>(Object.entries(rows).map(([id, one]) => [id, shownText(one)]));
        for (const { resource, verdict } of sent) {
          if (verdict.complianceType === 'NOT_APPLICABLE') after.delete(resource.resourceId);
          else after.set(resource.resourceId, shownText({ annotation: undefined, ...verdict }));
        }
        for (const id of 'abcdefgh') {
          const bucket = buckets.find((one) => one.id === id);
          expect(after.get(id)).toBe(expectedOf(bucket, rows[id]));
        }
        expect(new Set(sent.map(({ resource }) => resource.resourceId)).size).toBe(sent.length);
        expect(counts).toMatchObject({ resources: buckets.length, sent: sent.length });
        for (const { resource, verdict } of full ? [] : sent) {
          const before = rows[resource.resourceId];
          expect(before && shownText(before)).not.toBe(shownText({ annotation: undefined, ...verdict }));
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** What AWS Config must show after a sweep. */
const expectedOf = (bucket: Bucket | undefined, before: PreviousVerdict | undefined): string | undefined => {
  const isKept = before?.orderingTime === later || bucket?.seen === 'unreadable';
  if (isKept) return before && shownText(before);
  const isShown = bucket?.seen === 'good' || bucket?.seen === 'bad';
  return isShown ? shownText({ annotation: undefined, ...verdictOf(bucket) }) : undefined;
};

const shownText = ({
  complianceType,
  annotation,
}: {
  complianceType: string;
  annotation?: string | undefined;
}) => (complianceType === 'NON_COMPLIANT' ? `NON_COMPLIANT: ${annotation}` : complianceType);

describe('a resource listed twice', () => {
  test.each<[string, readonly Seen[], Partial<PreviousVerdict>, string]>([
    ['worse later', ['good', 'bad'], wasCompliant, 'NON_COMPLIANT'],
    ['better later', ['bad', 'good'], wasCompliant, 'NON_COMPLIANT'],
    ['worse later and as before', ['good', 'bad'], wasBad, 'NON_COMPLIANT'],
    ['unreadable in between', ['bad', 'unreadable', 'good'], wasCompliant, 'NON_COMPLIANT'],
  ])('a resource listed twice, %s, is sent as the worst', async (_, views, before, expected) => {
    const buckets = views.map((seen): Bucket => ({ id: 'a', seen, hasFacts: seen !== 'unreadable' }));
    const { sentTypes, counts } = await run(
      buckets.map((bucket) => (bucket.seen === 'unreadable' ? { ...bucket, hasFacts: false } : bucket)),
      { previous: previousOf([['a', before]]) },
    );
    expect(sentTypes).toEqual({ a: expected });
    expect(counts.compliant + counts.nonCompliant + counts.notApplicable).toBe(1);
  });

  test('a resource listed several times is counted once, as the worst', async () => {
    const views = (...seen: readonly Seen[]) =>
      seen.map((one): Bucket => ({ id: 'a', seen: one, hasFacts: true }));
    const { counts } = await run(views('notApplicable', 'exempt', 'good', 'excluded', 'bad'), {
      previous: new Map(),
    });
    expect(counts).toMatchObject({ compliant: 0, nonCompliant: 1, notApplicable: 0, exempt: 0, excluded: 1 });
  });

  test('a resource listed twice far apart is sent twice, the worst last', async () => {
    const between = Array.from({ length: 150 }, (_, index): Bucket => ({
      id: `b${index}`,
      seen: 'good',
      hasFacts: true,
    }));
    const twice = (seen: Seen): Bucket => ({ id: 'a', seen, hasFacts: true });
    const { sent } = await run([twice('good'), ...between, twice('bad')], { previous: new Map() });
    const ofA = sent.filter(({ resource }) => resource.resourceId === 'a');
    expect(ofA.map(({ verdict }) => verdict.complianceType)).toEqual(['COMPLIANT', 'NON_COMPLIANT']);
  });
});

test('exempt and excluded resources are counted separately', async () => {
  const seen: readonly Seen[] = ['good', 'bad', 'excluded', 'excluded', 'notApplicable', 'exempt'];
  const { counts } = await run(
    seen.map((one, index) => ({ id: `b${index}`, seen: one })),
    { previous: new Map() },
  );
  expect(counts).toMatchObject({ compliant: 1, nonCompliant: 3, notApplicable: 2, exempt: 1, excluded: 2 });
});

describe('a failure', () => {
  test('an unreadable resource costs only its own verdict and is reported', async () => {
    const buckets = [
      { id: 'a', seen: 'bad' },
      { id: 'b', seen: 'unreadable' },
      { id: 'c', seen: 'bad' },
    ] as const;
    const { sentTypes, unreadable, counts } = await run(buckets, { previous: previousOf([['b', wasBad]]) });
    expect(sentTypes).toEqual({ a: 'NON_COMPLIANT', c: 'NON_COMPLIANT' });
    expect(unreadable).toEqual(['b']);
    expect(counts).toMatchObject({ resources: 3, nonCompliant: 2, failed: 1 });
  });

  test('a rule that throws in judge costs only that verdict', async () => {
    const { sentTypes, unreadable } = await run(
      [
        { id: 'a', seen: 'bad' },
        { id: 'b', seen: 'bad' },
      ],
      {
        previous: new Map(),
        judge: ({ resourceId }) => {
          if (resourceId === 'a') throw new TypeError('a bug');
          return nonCompliant('Bad.');
        },
      },
    );
    expect(sentTypes).toEqual({ b: 'NON_COMPLIANT' });
    expect(unreadable).toEqual(['a']);
  });

  test('an incomplete listing is thrown and cleans up nothing, and the verdicts before it are sent', async () => {
    const list = function* (): Generator<Bucket> {
      for (let index = 0; index < 150; index += 1) yield { id: `b${index}`, seen: 'bad' };
      throw new Error('ListBuckets was throttled');
    };
    const { options, sent } = optionsOf(list, { previous: previousOf([['old', wasBad]]) });
    await expect(sweep(options)).rejects.toThrow('ListBuckets was throttled');
    expect(sent.some(({ resource }) => resource.resourceId === 'old')).toBe(false);
    expect(sent.length).toBeGreaterThanOrEqual(100);
  });

  test('a failure to send is thrown after the other verdicts were sent', async () => {
    const buckets = Array.from({ length: 250 }, (_, index): Bucket => ({ id: `b${index}`, seen: 'bad' }));
    let calls = 0;
    const { options } = optionsOf(() => buckets, {
      send: async () => {
        calls += 1;
        if (calls === 1) throw new Error('AWS Config refused');
      },
    });
    await expect(sweep(options)).rejects.toThrow('AWS Config refused');
    expect(calls).toBe(3);
  });

  test('a failure to plan an unchanged violation is thrown', async () => {
    const { options } = optionsOf(() => [{ id: 'a', seen: 'bad' }], {
      previous: previousOf([['a', wasBad]]),
      onUnchanged: () => Promise.reject(new Error('no plan')),
    });
    await expect(sweep(options)).rejects.toThrow('no plan');
  });
});

describe('a large account', () => {
  test('a large account is sent in full batches and observed in parallel within a limit', async () => {
    let inFlight = 0;
    let most = 0;
    const buckets = Array.from({ length: 1050 }, (_, index): Bucket => ({ id: `b${index}`, seen: 'bad' }));
    const { options, batches, sent } = optionsOf(() => buckets);
    const observe: SweepOptions['rule']['observe'] = {
      ...options.rule.observe,
      get: async (...args) => {
        inFlight += 1;
        most = Math.max(most, inFlight);
        await new Promise(setImmediate);
        inFlight -= 1;
        return options.rule.observe.get(...args);
      },
    };
    await sweep({ ...options, rule: { ...options.rule, observe } });
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(MAX_IN_FLIGHT);
    expect(batches.toSorted((a, b) => b - a)).toEqual([...Array<number>(10).fill(100), 50]);
    expect(new Set(sent.map(({ resource }) => resource.resourceId)).size).toBe(1050);
  });

  test('a large account is listed no faster than its verdicts are sent, so that memory does not grow', async () => {
    let listed = 0;
    const list = function* (): Generator<Bucket> {
      for (; listed < 20_000; listed += 1) yield { id: `b${listed}`, seen: 'bad', hasFacts: true };
    };
    const { promise: accepted, resolve: accept } = Promise.withResolvers<void>();
    const send = vi.fn<SweepOptions['send']>(() => accepted);
    const { options } = optionsOf(list, { send });
    const sweeping = sweep(options);
    for (let turn = 0; turn < 2000; turn += 1) await new Promise(setImmediate);
    expect(send.mock.calls.length).toBeLessThanOrEqual(4);
    expect(listed).toBeLessThan(1000);
    accept();
    await expect(sweeping).resolves.toMatchObject({ sent: 20_000 });
  });
});
