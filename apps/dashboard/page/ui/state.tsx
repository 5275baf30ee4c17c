import { STATES, type Counts, type State } from '@compliance/dashboard-data';

import { number } from '../base/format.ts';

export const STATE_TITLES: Readonly<Record<State, string>> = {
  compliant: 'Compliant',
  violating: 'Violating',
  exempt: 'Exempt',
  excluded: 'Excluded',
  unknown: 'Unknown',
};

const STATE_HINTS: Readonly<Record<State, string>> = {
  compliant: 'Judged, and as it should be.',
  violating: 'Judged, and not as it should be.',
  exempt: 'Violating, and accepted until a date. Not in the score.',
  excluded: 'Violating, but AWS or the landing zone owns it. Not in the score.',
  unknown: 'Not judged, or not lately. Counts against the score.',
};

/** Each state has a shape of its own, so that it is known without its colour. */
const SHAPES: Readonly<Record<State, string>> = {
  compliant:
    'M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1Zm3.6 5-4.2 5a.8.8 0 0 1-1.2 0L4.300 9l1.200-1 1.300 1.300 3.600-4.300Z',
  violating: 'M8 .8 15.200 8 8 15.200.800 8Zm-.9 3.400v4.800h1.800V4.200Zm0 5.900v1.800h1.800v-1.800Z',
  exempt: 'M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1Zm.8 2.800v3.900l2.700 1.600-.8 1.300-3.400-2.100V3.800Z',
  excluded: 'M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1ZM4 7.100h8v1.800H4Z',
  unknown:
    'M2 1.500h12v13H2Zm5.100 9.300v1.800h1.700v-1.800Zm-2-5h1.700c0-1.600 2.500-1.500 2.500-.1 0 1-1.900 1.300-2 3.900h1.600c.1-1.600 2.100-1.900 2.100-3.900 0-3.500-5.900-3.600-5.900.1Z',
};

export const StateIcon = ({ state }: { readonly state: State }) => (
  <svg class={`icon ${state}`} viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
    <path fill-rule="evenodd" d={SHAPES[state]} />
  </svg>
);

export const StateMark = ({ state }: { readonly state: State }) => (
  <span class={`state ${state}`} title={STATE_HINTS[state]}>
    <StateIcon state={state} /> {STATE_TITLES[state]}
  </span>
);

const total = (counts: Counts) => STATES.reduce((sum, state) => sum + counts[state], 0);

/** The shares of the five states as a bar, with the numbers as its text. */
export const StateBar = ({ counts, thin = false }: { readonly counts: Counts; readonly thin?: boolean }) => (
  <span
    class={thin ? 'bar thin' : 'bar'}
    role="img"
    aria-label={countsInWords(counts)}
    title={countsInWords(counts)}
  >
    {total(counts) > 0 &&
      STATES.filter((state) => counts[state] > 0).map((state) => (
        <span key={state} class={`part ${state}`} style={{ flexGrow: String(counts[state]) }} />
      ))}
  </span>
);

export const countsInWords = (counts: Counts): string =>
  total(counts) === 0
    ? 'Nothing is judged.'
    : STATES.filter((state) => counts[state] > 0)
        .map((state) => `${number(counts[state])} ${STATE_TITLES[state].toLowerCase()}`)
        .join(', ');

/** The five states with their numbers. */
export const StateLegend = ({ counts }: { readonly counts: Counts }) => (
  <ul class="legend">
    {STATES.map((state) => (
      <li key={state} title={STATE_HINTS[state]}>
        <StateIcon state={state} /> <b>{number(counts[state])}</b> {STATE_TITLES[state].toLowerCase()}
      </li>
    ))}
  </ul>
);
