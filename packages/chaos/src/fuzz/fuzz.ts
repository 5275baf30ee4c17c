import { failureKind, type AuditEvent } from '@compliance/core';
import { loadAhead, seededRandom, type SeededRandom } from '@compliance/core/simulation';

import { FOREIGN_REGION, MEMBER, REGION, STRANGER, openDoors, type Doors, type OpenBuild } from './doors.ts';
import { moveElsewhere, mutate } from './mutate.ts';

export interface FuzzOptions {
  readonly seed: number;
  readonly events: number;
  readonly build?: OpenBuild | undefined;
}

export interface FuzzResult {
  readonly seed: number;
  readonly events: number;
  /** How many events each door got, and how many of them it did not refuse. */
  readonly doors: Readonly<Record<string, { events: number; taken: number }>>;
  /** Errors that are neither refusals nor faults of AWS, each with its event. */
  readonly crashes: readonly string[];
  readonly strayRoles: readonly string[];
}

/** After so many events the world is new, so that no event meets the leftovers of too many before it. */
const EVENTS_A_WORLD = 100;

/** Sends mutated events to every door. */
export const fuzz = async (
  { seed, events, build }: FuzzOptions,
  onEvents: (count: number) => void = () => {},
): Promise<FuzzResult> => {
  await loadAhead();
  const random = seededRandom(seed);
  const doors: Record<string, { events: number; taken: number }> = {};
  const crashes: string[] = [];
  const strayRoles: string[] = [];
  const { error: ownError } = console;
  // The functions log each refusal.
  console.error = () => {};
  try {
    for (let count = 0; count < events;) {
      const world = await openDoors(build);
      for (let own = 0; own < EVENTS_A_WORLD && count < events; own += 1, count += 1) {
        const { door, event, crash, isTaken } = await sendOne(random, world);
        const counts = (doors[door] ??= { events: 0, taken: 0 });
        counts.events += 1;
        if (isTaken) counts.taken += 1;
        const sent = `${door}: ${JSON.stringify(event).slice(0, 600)}`;
        if (crash !== undefined) crashes.push(`${crash} - ${sent}`);
        strayRoles.push(...world.strayRoles.splice(0).map((place) => `${place} - ${sent}`));
      }
      onEvents(count);
    }
  } finally {
    console.error = ownError;
  }
  return { seed, events, doors, crashes, strayRoles };
};

/** Where an event is moved to: places that the settings list, and places that they do not. */
const ELSEWHERE = {
  [MEMBER]: [STRANGER, '000000000000', '999988887777'],
  [REGION]: [FOREIGN_REGION, 'eu-central-1', 'cn-north-1', 'eu-west-9'],
  'arn:aws:': ['arn:aws-cn:', 'arn:evil:', 'arn:aws-us-gov:'],
  '"aws"': ['"aws-cn"', '"aws-us-gov"'],
};

const sendOne = async (random: SeededRandom, { doors, events }: Doors) => {
  const { name, samples, invoke } = random.pick(doors);
  const genuine = random.pick(samples);
  const place = random.chance(0.4) ? moveElsewhere(random, genuine, ELSEWHERE) : genuine;
  const event = random.chance(0.7) ? mutate(random, place) : place;
  events.length = 0;
  const outcome = await invoke(event).then(
    (answer) => ({ answer }),
    (error: unknown) => ({ error }),
  );
  const crash = crashIn(outcome, events);
  const isTaken = !('error' in outcome) && !events.some(isRefusal);
  return { door: name, event, crash, isTaken };
};

const isRefusal = (event: AuditEvent) =>
  event.type === 'evaluation-failed' ||
  (event.type === 'remediation-finished' && event.outcome === 'refused');

/** What JavaScript throws, and no service. */
const DEFECTS = /\b(?:Type|Range|Reference|Syntax|Aggregate|Assertion|Internal|Zod)Error\b/;

/** A refusal is a ComplianceError; a fault of AWS may be thrown, so that the caller tries again. All else is a crash. */
const crashIn = (
  outcome: { readonly answer: unknown } | { readonly error: unknown },
  events: readonly AuditEvent[],
): string | undefined => {
  if ('error' in outcome) {
    const { error } = outcome;
    const isOurs = error instanceof Error && error.name === 'ComplianceError';
    return isOurs || failureKind(error) === 'transient' ? undefined : String(error);
  }
  const texts = [
    ...events.flatMap((event) =>
      event.type === 'evaluation-failed'
        ? [`${event.error.code}${event.error.code === 'Error' ? ' TypeError' : ''}: ${event.error.message}`]
        : [],
    ),
    ...[reasonOf(outcome.answer)].filter((reason) => reason !== undefined),
  ];
  return texts.find((text) => DEFECTS.test(text.replaceAll(/is not JSON: SyntaxError/g, '')));
};

const reasonOf = (answer: unknown): string | undefined =>
  typeof answer === 'object' && answer !== null && 'reason' in answer ? String(answer.reason) : undefined;

/** So many findings of one kind are shown. */
const SHOWN = 3;

const figure = (count: number) => count.toLocaleString('en-US');

/** What was sent, and what must not have happened. */
export const fuzzReport = ({ seed, events, doors, crashes, strayRoles }: FuzzResult): string => {
  const findings = (found: readonly string[], says: string) => [
    `${figure(found.length).padStart(6)}  ${says}`,
    ...found.slice(0, SHOWN).map((one) => `        SEED=${seed}: ${one}`),
  ];
  const lines = [
    `${figure(events)} events of seed ${seed}`,
    ...Object.entries(doors).map(
      ([name, counts]) =>
        `  ${name.padEnd(10)} ${figure(counts.events)} events, ${figure(counts.taken)} not refused`,
    ),
    '',
    ...findings(crashes, 'crashes: errors that are neither a refusal nor a fault of AWS'),
    ...findings(strayRoles, 'roles assumed where the settings list no account or Region'),
  ];
  return `${lines.join('\n')}\n`;
};
