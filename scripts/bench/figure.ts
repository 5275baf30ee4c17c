/** One line of the table: a measured value and its target. */
export interface Figure {
  readonly name: string;
  readonly measured: string;
  /** Absent for a value that only explains another one. */
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

export const info = (name: string, measured: number | string, unit = ''): Figure => ({
  name,
  measured: typeof measured === 'string' ? measured : quantity(measured, unit),
});

// A benchmark is not more precise than three digits.
const quantity = (value: number, unit: string) => {
  const text = String(value >= 100 ? Math.round(value) : Number(value.toPrecision(3)));
  return unit === '' ? text : `${text} ${unit}`;
};
