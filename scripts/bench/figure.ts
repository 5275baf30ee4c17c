/** One line of the table: what was measured, and what we want of it. */
export interface Figure {
  readonly name: string;
  readonly measured: string;
  /** Left out of a figure that is only told, to make another one readable. */
  readonly target?: string;
  readonly ok?: boolean;
}

export const atMost = (name: string, value: number, limit: number, unit = ''): Figure => ({
  name,
  measured: quantity(value, unit),
  target: `≤ ${quantity(limit, unit)}`,
  ok: value <= limit,
});

export const atLeast = (name: string, value: number, limit: number, unit = ''): Figure => ({
  name,
  measured: quantity(value, unit),
  target: `≥ ${quantity(limit, unit)}`,
  ok: value >= limit,
});

export const exactly = (name: string, value: number, wanted: number, unit = ''): Figure => ({
  name,
  measured: quantity(value, unit),
  target: `= ${quantity(wanted, unit)}`,
  ok: value === wanted,
});

export const told = (name: string, measured: number | string, unit = ''): Figure => ({
  name,
  measured: typeof measured === 'string' ? measured : quantity(measured, unit),
});

// Three digits say all that a benchmark knows.
const quantity = (value: number, unit: string) => {
  const text = String(value >= 100 ? Math.round(value) : Number(value.toPrecision(3)));
  return unit === '' ? text : `${text} ${unit}`;
};
