import { openSealedHours } from '@compliance/evidence';
import * as z from 'zod';

import { newestHour, verifyUntil } from './keepers.ts';
import { tamper } from './tamper.ts';
import { sealedOf, type SealingWorld } from './world.ts';

/** What must hold after everything, by its name, and what violates it. */
export type Violations = Readonly<Record<string, readonly string[]>>;

export const SEALING_INVARIANTS = {
  'published-is-in-the-log': 'every event that a writer was told is published reached the log',
  'published-is-in-the-topic': 'and those for people reached the topic',
  'published-is-sealed': 'and all of them are in a sealed hour',
  'sealed-once': 'no event is sealed twice, in one hour or in two',
  'only-what-was-written-is-sealed': 'no line of a stranger is sealed',
  'strange-is-counted': 'each foreign object and each line that is no event is counted in a manifest',
  'keeper-goes-on': 'the keeper fails by faults, kills and a missing key alone',
  'verify-answers-truly': 'after each run verify finds the chain whole, and the signer proven in the end',
  'tampering-is-found': 'verify names each change to a sealed object',
} as const satisfies Readonly<Record<string, string>>;

const Manifest = z.object({
  foreign: z.object({ count: z.number() }),
  unreadable: z.object({ count: z.number() }),
});

/** Checks all of them. */
export const violationsOf = async (world: SealingWorld): Promise<Violations> => {
  const { published, received, written, forPeople, strange, surprises } = world;
  const sealed = await sealedCounts(world);
  const missingFrom = (counts: ReadonlyMap<string, number>, ids: Iterable<string>) =>
    [...ids].filter((id) => !counts.has(id));
  const verified = await verifyUntil(world, newestHour(world));
  const ofKeeper = surprises.filter((surprise) => surprise.startsWith('the keeper'));
  return {
    'published-is-in-the-log': missingFrom(received.log, published),
    'published-is-in-the-topic': missingFrom(
      received.topic,
      [...published].filter((id) => forPeople.has(id)),
    ),
    'published-is-sealed': missingFrom(sealed, published),
    'sealed-once': [...sealed].filter(([, count]) => count > 1).map(([id, count]) => `${id}: ${count} times`),
    'only-what-was-written-is-sealed': [...sealed.keys()].filter((id) => !written.has(id)),
    'strange-is-counted': countProblems(world, strange),
    'keeper-goes-on': ofKeeper,
    'verify-answers-truly': [
      ...surprises.filter((surprise) => !ofKeeper.includes(surprise)),
      ...(verified.problem ? [`${verified.problem.place}: ${verified.problem.what}`] : []),
      ...(verified.signer === 'proven' ? [] : ['The signer is not proven.']),
    ],
    'tampering-is-found': await tamper(world),
  };
};

/** How often each id is in a sealed hour. */
export const sealedCounts = async (world: SealingWorld): Promise<ReadonlyMap<string, number>> => {
  const counts = new Map<string, number>();
  try {
    const hours = await openSealedHours(sealedOf(world), { from: '2026-11-01T00', to: '2026-12-31T00' });
    for await (const { id } of hours?.events() ?? []) counts.set(id, (counts.get(id) ?? 0) + 1);
  } catch {
    // What cannot be read back is missing: the invariants say so.
  }
  return counts;
};

const countProblems = ({ buckets }: SealingWorld, strange: SealingWorld['strange']): readonly string[] => {
  const manifests = [...(buckets.get('sealed') ?? [])]
    .filter(([key]) => key.startsWith('manifests/'))
    .map(([, bytes]) => Manifest.parse(JSON.parse(bytes.toString('utf8'))));
  const sum = (count: (manifest: z.infer<typeof Manifest>) => number) =>
    manifests.reduce((total, manifest) => total + count(manifest), 0);
  const counted = {
    objects: sum(({ foreign }) => foreign.count),
    lines: sum(({ unreadable }) => unreadable.count),
  };
  return (['objects', 'lines'] as const)
    .filter((kind) => counted[kind] !== strange[kind])
    .map((kind) => `${strange[kind]} ${kind} were left, ${counted[kind]} are counted`);
};
