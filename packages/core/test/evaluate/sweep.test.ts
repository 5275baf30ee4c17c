import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import * as z from 'zod';

import { MAX_IN_FLIGHT } from '../../src/aws/create-session.ts';
import type { PreviousVerdict } from '../../src/config/previous-verdicts.ts';
import { defineRule, type Listed } from '../../src/rule/rule.ts';
import { sweep, type Judged, type SweepOptions } from '../../src/evaluate/sweep.ts';
import { fakeSession } from '../../src/testing/fake-session.ts';
import { compliant, exempt, nonCompliant, notApplicable, type Verdict } from '../../src/rule/verdict.ts';

const TYPE = 'AWS::S3::Bucket';
const notificationTime = new Date('2026-11-20T12:00:00Z');
const earlier = new Date('2026-11-19T12:00:00Z');
const later = new Date('2026-11-20T12:00:01Z');

/** What is seen of a resource: facts that spell the verdict, or why there are none. */
type Seen = 'good' | 'bad' | 'theirs' | 'odd' | 'exempt' | 'gone' | 'unreadable';
interface Bucket {
  readonly id: string;
  readonly seen: Seen;
  readonly annotation?: string;
  /** The listing tells the facts itself. */
  readonly told?: boolean;
}

const verdictOf = ({ seen, annotation = 'Bad.' }: Pick<Bucket, 'seen' | 'annotation'>): Verdict => {
  if (seen === 'good') return compliant();
  if (seen === 'theirs')
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
          yield bucket.told ? { resource, facts: factsOf(bucket) } : { resource };
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
  const told = Object.fromEntries(
    seen.sent.map(({ resource, verdict }) => [resource.resourceId, verdict.complianceType]),
  );
  return { ...seen, counts, told };
};

describe('a sweep tells AWS Config what changed', () => {
  test.each<[string, Seen, Partial<PreviousVerdict> | undefined, string | undefined]>([
    ['COMPLIANT where nothing was known', 'good', undefined, 'COMPLIANT'],
    ['COMPLIANT where it was NON_COMPLIANT', 'good', wasBad, 'COMPLIANT'],
    ['nothing where it was COMPLIANT before', 'good', wasCompliant, undefined],
    ['NON_COMPLIANT where nothing was known', 'bad', undefined, 'NON_COMPLIANT'],
    ['NON_COMPLIANT where it was COMPLIANT', 'bad', wasCompliant, 'NON_COMPLIANT'],
    ['nothing where it was NON_COMPLIANT for the same reason', 'bad', wasBad, undefined],
    ['NON_COMPLIANT where the reason changed', 'bad', { ...wasBad, annotation: 'Worse.' }, 'NON_COMPLIANT'],
    ['NON_COMPLIANT where no reason was shown', 'bad', { ...wasBad, annotation: undefined }, 'NON_COMPLIANT'],
    ['nothing where NOT_APPLICABLE replaces nothing', 'odd', undefined, undefined],
    ['NOT_APPLICABLE where it was NON_COMPLIANT', 'odd', wasBad, 'NOT_APPLICABLE'],
    ['NOT_APPLICABLE where it was COMPLIANT', 'odd', wasCompliant, 'NOT_APPLICABLE'],
    ['NOT_APPLICABLE for a resource that went away between two calls', 'gone', wasBad, 'NOT_APPLICABLE'],
    ['nothing of an unknown resource that went away', 'gone', undefined, undefined],
    ['nothing of an unreadable resource that was COMPLIANT', 'unreadable', wasCompliant, undefined],
    ['nothing of an unreadable resource that was NON_COMPLIANT', 'unreadable', wasBad, undefined],
    ['nothing where a newer verdict is shown', 'bad', { ...wasCompliant, orderingTime: later }, undefined],
    [
      'nothing of a resource gone where a newer verdict is shown',
      'gone',
      { ...wasBad, orderingTime: later },
      undefined,
    ],
    [
      'a verdict as old as the one shown',
      'bad',
      { ...wasCompliant, orderingTime: notificationTime },
      'NON_COMPLIANT',
    ],
  ])('%s', async (_, seen, before, expected) => {
    const previous = previousOf(before ? [['a', before]] : []);
    for (const told of [false, true]) {
      if (told && (seen === 'gone' || seen === 'unreadable')) continue;
      const { sent } = await run([{ id: 'a', seen, told }], { previous });
      expect(sent.map(({ verdict }) => verdict.complianceType)).toEqual(expected ? [expected] : []);
      expect(sent.every(({ orderingTime }) => orderingTime === notificationTime)).toBe(true);
    }
  });

  test('the reason is compared as AWS Config was told it', async () => {
    const annotation = `Ä${'x'.repeat(400)}`;
    const previous = previousOf([['a', { ...wasBad, annotation: `?${'x'.repeat(246)}...` }]]);
    expect((await run([{ id: 'a', seen: 'bad', annotation }], { previous })).sent).toEqual([]);
  });

  test('an unchanged NON_COMPLIANT verdict is repeated where it keeps remediation alive', async () => {
    const previous = previousOf([['a', wasBad]]);
    const { told, unchanged } = await run([{ id: 'a', seen: 'bad' }], { previous, repeatNonCompliant: true });
    expect(told).toEqual({ a: 'NON_COMPLIANT' });
    expect(unchanged).toEqual([]);
  });

  test('an unchanged NON_COMPLIANT verdict is handed on, and nothing else is', async () => {
    const previous = previousOf([
      ['a', wasBad],
      ['b', wasCompliant],
    ]);
    const buckets = [
      { id: 'a', seen: 'bad' },
      { id: 'b', seen: 'good' },
      { id: 'c', seen: 'bad' },
    ] as const;
    const { unchanged, told } = await run(buckets, { previous });
    expect(unchanged).toEqual(['a']);
    expect(told).toEqual({ c: 'NON_COMPLIANT' });
  });

  test('a resource that is not listed any more becomes NOT_APPLICABLE, unless it was judged since', async () => {
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

  test('the same id of another type has not vanished because this one is there', async () => {
    const other: [string, PreviousVerdict] = ['AWS::S3::AccessPoint|a', { ...wasBad, orderingTime: earlier }];
    const { sent } = await run([{ id: 'a', seen: 'good' }], { previous: new Map([other]) });
    expect(sent.map(({ resource }) => resource.resourceType)).toEqual([TYPE, 'AWS::S3::AccessPoint']);
  });

  test('where nobody knows what was shown, everything is sent and nothing cleaned up', async () => {
    const buckets = [
      { id: 'a', seen: 'good' },
      { id: 'b', seen: 'bad' },
      { id: 'c', seen: 'odd' },
      { id: 'd', seen: 'gone' },
    ] as const;
    const { told, counts } = await run(buckets, { previous: undefined });
    expect(told).toEqual({ a: 'COMPLIANT', b: 'NON_COMPLIANT', c: 'NOT_APPLICABLE' });
    expect(counts.vanished).toBe(0);
  });

  test('full sends every verdict, changed or not, but none over a newer one', async () => {
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
      { id: 'd', seen: 'odd' },
    ] as const;
    const { told } = await run(buckets, { previous, full: true });
    expect(told).toEqual({ a: 'COMPLIANT', b: 'NON_COMPLIANT', d: 'NOT_APPLICABLE', old: 'NOT_APPLICABLE' });
  });

  test('after any sweep AWS Config shows what was seen, told no more than needed', async () => {
    const seen = fc.constantFrom<Seen>('good', 'bad', 'odd', 'gone', 'unreadable');
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

/** What AWS Config must show after a sweep that saw this, if it showed that before. */
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
    ['worse later, which is what was shown', ['good', 'bad'], wasBad, 'NON_COMPLIANT'],
    ['unreadable in between', ['bad', 'unreadable', 'good'], wasCompliant, 'NON_COMPLIANT'],
  ])('%s is shown as the worst', async (_, views, before, expected) => {
    const buckets = views.map((seen): Bucket => ({ id: 'a', seen, told: seen !== 'unreadable' }));
    const { told, counts } = await run(
      buckets.map((bucket) => (bucket.seen === 'unreadable' ? { ...bucket, told: false } : bucket)),
      { previous: previousOf([['a', before]]) },
    );
    expect(told).toEqual({ a: expected });
    expect(counts.compliant + counts.nonCompliant + counts.notApplicable).toBe(1);
  });

  test('is counted once, as the worst', async () => {
    const views = (...seen: readonly Seen[]) =>
      seen.map((one): Bucket => ({ id: 'a', seen: one, told: true }));
    const { counts } = await run(views('odd', 'exempt', 'good', 'theirs', 'bad'), { previous: new Map() });
    expect(counts).toMatchObject({ compliant: 0, nonCompliant: 1, notApplicable: 0, exempt: 0, excluded: 1 });
  });

  test('far apart is told twice, the worst last', async () => {
    const between = Array.from({ length: 150 }, (_, index): Bucket => ({
      id: `b${index}`,
      seen: 'good',
      told: true,
    }));
    const twice = (seen: Seen): Bucket => ({ id: 'a', seen, told: true });
    const { sent } = await run([twice('good'), ...between, twice('bad')], { previous: new Map() });
    const ofA = sent.filter(({ resource }) => resource.resourceId === 'a');
    expect(ofA.map(({ verdict }) => verdict.complianceType)).toEqual(['COMPLIANT', 'NON_COMPLIANT']);
  });
});

test('what is exempt and what is not ours is counted apart', async () => {
  const seen: readonly Seen[] = ['good', 'bad', 'theirs', 'theirs', 'odd', 'exempt'];
  const { counts } = await run(
    seen.map((one, index) => ({ id: `b${index}`, seen: one })),
    { previous: new Map() },
  );
  expect(counts).toMatchObject({ compliant: 1, nonCompliant: 3, notApplicable: 2, exempt: 1, excluded: 2 });
});

describe('when something fails', () => {
  test('an unreadable resource costs its own verdict and is told of', async () => {
    const buckets = [
      { id: 'a', seen: 'bad' },
      { id: 'b', seen: 'unreadable' },
      { id: 'c', seen: 'bad' },
    ] as const;
    const { told, unreadable, counts } = await run(buckets, { previous: previousOf([['b', wasBad]]) });
    expect(told).toEqual({ a: 'NON_COMPLIANT', c: 'NON_COMPLIANT' });
    expect(unreadable).toEqual(['b']);
    expect(counts).toMatchObject({ resources: 3, nonCompliant: 2, failed: 1 });
  });

  test('a rule that throws while judging costs that verdict', async () => {
    const { told, unreadable } = await run(
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
    expect(told).toEqual({ b: 'NON_COMPLIANT' });
    expect(unreadable).toEqual(['a']);
  });

  test('a listing that breaks off is thrown and cleans nothing up, and what was judged is told', async () => {
    const list = function* (): Generator<Bucket> {
      for (let index = 0; index < 150; index += 1) yield { id: `b${index}`, seen: 'bad' };
      throw new Error('ListBuckets was throttled');
    };
    const { options, sent } = optionsOf(list, { previous: previousOf([['old', wasBad]]) });
    await expect(sweep(options)).rejects.toThrow('ListBuckets was throttled');
    expect(sent.some(({ resource }) => resource.resourceId === 'old')).toBe(false);
    expect(sent.length).toBeGreaterThanOrEqual(100);
  });

  test('verdicts that could not be sent are thrown after the others were', async () => {
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

  test('a finding whose follow-up fails is thrown', async () => {
    const { options } = optionsOf(() => [{ id: 'a', seen: 'bad' }], {
      previous: previousOf([['a', wasBad]]),
      onUnchanged: () => Promise.reject(new Error('no plan')),
    });
    await expect(sweep(options)).rejects.toThrow('no plan');
  });
});

describe('a large account', () => {
  test('is told in full batches, and observed side by side within bounds', async () => {
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

  test('is listed no further than verdicts can be sent: memory does not grow with it', async () => {
    let listed = 0;
    const list = function* (): Generator<Bucket> {
      for (; listed < 20_000; listed += 1) yield { id: `b${listed}`, seen: 'bad', told: true };
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
