import type { State } from '@compliance/dashboard-data';

import type { RequirementState } from '../data/organization.ts';
import { StateIcon } from './state.tsx';

export const REQUIREMENT_TITLES: Readonly<Record<RequirementState, string>> = {
  violating: 'Violated',
  unknown: 'Unknown',
  partial: 'Met, a person checks the rest',
  met: 'Met',
  human: 'A person checks it',
};

const ICONS: Readonly<Record<RequirementState, State>> = {
  violating: 'violating',
  unknown: 'unknown',
  partial: 'compliant',
  met: 'compliant',
  human: 'excluded',
};

/** The order in tables: what needs work first. */
export const REQUIREMENT_ORDER = [
  'violating',
  'unknown',
  'human',
  'partial',
  'met',
] as const satisfies readonly RequirementState[];

export const RequirementMark = ({ state }: { readonly state: RequirementState }) => (
  <span class={`state ${ICONS[state]}`}>
    <StateIcon state={ICONS[state]} /> {REQUIREMENT_TITLES[state]}
  </span>
);
