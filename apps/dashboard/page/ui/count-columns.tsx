import { score, STATES, type Counts } from '@compliance/dashboard-data';

import { percent } from '../base/format.ts';
import type { Column } from '../data/columns.ts';
import { STATE_TITLES, StateBar } from './state.tsx';

/** The score, the bar and the five counts of something that has counts. */
export const countColumns = <Row,>(countsOf: (row: Row) => Counts): readonly Column<Row>[] => [
  {
    id: 'score',
    title: 'Score',
    value: (row) => score(countsOf(row)) ?? '',
    // What has no score stands behind everything that has one.
    rank: (row) => score(countsOf(row)) ?? 101,
    show: (row) => <b>{percent(score(countsOf(row)))}</b>,
    isNumber: true,
  },
  ...STATES.map((state): Column<Row> => ({
    id: state,
    title: STATE_TITLES[state],
    value: (row) => countsOf(row)[state],
    isNumber: true,
    isMinor: state !== 'violating',
  })),
  {
    id: 'shares',
    title: 'Shares',
    value: () => '',
    rank: (row) => score(countsOf(row)) ?? 101,
    show: (row) => <StateBar thin counts={countsOf(row)} />,
    isMinor: true,
    isShownOnly: true,
  },
];
