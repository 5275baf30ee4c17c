import { oneLine } from '@compliance/core/printable';

import { lines } from '../../../output/aligned.ts';
import type { Target } from '../../../account/targets.ts';
import type { CallsByService } from '../describe-calls.ts';
import type { Outcome } from './scan-targets.ts';
import type { Refusal } from './scan-target.ts';

export interface Ending {
  readonly target: Target;
  readonly outcome: Outcome;
}

/** In the order in which they are counted. */
const STATES = [
  'scanned',
  'refused',
  'failed',
  'suspended',
  'left',
] as const satisfies readonly Outcome['state'][];

/** Names every account, Region and service that was not read, and why. */
export const describeEndings = (endings: readonly Ending[]): string => {
  const inOrder = endings.toSorted((a, b) => (a.target.account.id < b.target.account.id ? -1 : 1));
  const counts = Map.groupBy(endings, ({ outcome }) => outcome.state);
  const totals = STATES.flatMap((state) => {
    const count = counts.get(state)?.length ?? 0;
    return count > 0 || state === 'scanned' ? `${count} ${state}` : [];
  });
  return lines([...inOrder.flatMap(linesOf), `accounts: ${totals.join(', ')}`]);
};

const linesOf = ({ target, outcome }: Ending): readonly string[] => {
  const name = nameOf(target);
  if (outcome.state !== 'scanned') return [`${outcome.state}: ${name}: ${oneLine(outcome.message)}`];
  const { disabledRegions, refusals, tagsFailure } = outcome.end;
  return [
    ...(disabledRegions.length > 0 ? [`Region not enabled: ${name}: ${disabledRegions.join(', ')}`] : []),
    ...refusals.map(
      (refusal) =>
        `${KINDS[refusal.kind](refusal)} in ${name} ${refusal.region}: ${oneLine(refusal.message)}`,
    ),
    ...(tagsFailure === undefined ? [] : [`no tags: ${name}: ${oneLine(tagsFailure)}`]),
  ];
};

const KINDS: Readonly<Record<Refusal['kind'], (refusal: Refusal) => string>> = {
  region: () => 'Region denied',
  service: ({ service, commands }) => `service refused: ${service} (${commands.join(', ')})`,
  other: ({ commands, count }) =>
    `not evaluated: ${commands.join(', ')}${count > 1 ? ` (${count} times)` : ''}`,
  'not-covered': ({ types }) => `not covered${types.length > 0 ? `: ${types.join(', ')}` : ''}`,
  'live-look': ({ commands, count }) => `needs a live look: ${commands.join(', ')} (${count} resources)`,
};

const nameOf = ({ account: { id, name } }: Target) => (name === id ? id : `${id} (${name})`);

/** Whether something that should have been judged was not. */
export const isIncomplete = ({ outcome }: Ending): boolean => {
  switch (outcome.state) {
    case 'scanned':
      return outcome.end.refusals.length > 0;
    case 'suspended':
      return false;
    case 'refused':
    case 'failed':
    case 'left':
      return true;
    default:
      throw new Error(`Unknown outcome ${JSON.stringify(outcome satisfies never)}`);
  }
};

/** What AWS Config's records of all accounts were. */
export const itemsOf = (endings: readonly Ending[]) =>
  endings.flatMap(({ outcome }) => (outcome.state === 'scanned' ? (outcome.end.items ?? []) : []));

/** The calls of all accounts, by service. */
export const callsOf = (endings: readonly Ending[]): readonly CallsByService[] =>
  endings.flatMap(({ outcome }) => (outcome.state === 'scanned' ? [outcome.end.calls] : []));
