import type { Cell } from '@compliance/csv';
import type { ComponentChildren } from 'preact';

/** A column of a table: what is shown, sorted, filtered and exported. */
export interface Column<Row> {
  readonly id: string;
  readonly title: string;
  /** Sorts, filters and exports by it. */
  readonly value: (row: Row) => Cell;
  /** Shown instead of the value. */
  readonly show?: (row: Row) => ComponentChildren;
  /** Exported instead of the value, such as a time in ISO 8601. */
  readonly exported?: (row: Row) => Cell;
  /** Numbers stand at the right. */
  readonly isNumber?: boolean;
  /** The name of the row: it stands first on a phone. Without one, the first column is. */
  readonly isTitle?: boolean;
  /** Says by itself what it is, so that a phone shows it without the title. */
  readonly isPlain?: boolean;
  /** Offered as a filter with counts. */
  readonly isFacet?: boolean;
  /** Left out on a narrow screen. A column without any value is left out everywhere. */
  readonly isMinor?: boolean;
  /** Exported and filtered, but not shown. */
  readonly isHidden?: boolean;
  /** Shown, but neither exported nor searched. */
  readonly isShownOnly?: boolean;
  /** Sorts by this instead: a severity by its rank. */
  readonly rank?: (row: Row) => number;
}
