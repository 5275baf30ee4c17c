import type { AdvancedEventSelector, AdvancedFieldSelector } from '@aws-sdk/client-cloudtrail';

/** What one event selector records of one kind of events. */
export interface Selector {
  readonly reads: boolean;
  readonly writes: boolean;
  /** Conditions that an event must meet: one of each field. */
  readonly only: readonly Condition[];
  /** Conditions that an event must not meet. */
  readonly excludes: readonly Condition[];
}

/** A condition on a field of an event. */
export interface Condition {
  readonly field: string;
  /** `Equals`, `StartsWith`, `EndsWith`, or one that is yet to come. */
  readonly operator: string;
  readonly value: string;
}

/**
 * The advanced selector, if it records events with these values of fields.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html
 */
export const fromAdvanced = (
  { FieldSelectors = [] }: AdvancedEventSelector,
  kind: Readonly<Record<string, string>>,
): Selector[] => {
  const valuesOf = (name: string) => FieldSelectors.find(({ Field }) => Field === name)?.Equals;
  if (Object.entries(kind).some(([field, value]) => valuesOf(field)?.includes(value) !== true)) return [];
  const readOnly = valuesOf('readOnly');
  const conditions = FieldSelectors.filter(
    ({ Field = '', Equals }) => !(Equals && (Field === 'readOnly' || Field in kind)),
  ).flatMap(conditionsOf);
  return [
    {
      reads: readOnly?.includes('true') ?? true,
      writes: readOnly?.includes('false') ?? true,
      only: conditions.filter(({ operator }) => !NEGATIVE.test(operator)),
      excludes: conditions
        .filter(({ operator }) => NEGATIVE.test(operator))
        .map(({ operator, ...condition }) => ({ ...condition, operator: operator.replace(NEGATIVE, '') })),
    },
  ];
};

// Any other operator, also one that is yet to come, names what is recorded.
const NEGATIVE = /^Not(?=(?:Equals|StartsWith|EndsWith)$)/;

/** One condition for each value. */
const conditionsOf = ({ Field = '', ...operators }: AdvancedFieldSelector): Condition[] =>
  Object.entries(operators).flatMap(([operator, values]) =>
    (values ?? []).map((value) => ({ field: Field, operator, value })),
  );

/** What selectors leave out together. */
export interface Gap {
  /** The conditions of selectors that all record something only; empty if one records all but its exclusions. */
  readonly allBut: readonly Condition[];
  readonly excludes: readonly Condition[];
}

/**
 * What selectors of reads, or of writes, leave out together.
 * An exclusion counts unless another selector records all that it excludes. Those of two selectors both count, also
 * where only an event that meets both is left out.
 */
export const gapOf = (selectors: readonly Selector[]): Gap => {
  const whole = selectors.filter(({ only }) => only.length === 0);
  if (whole.length === 0) return { allBut: selectors.flatMap(({ only }) => only), excludes: [] };
  const excludes = whole
    .flatMap((selector) => selector.excludes)
    .filter((exclusion) => !selectors.some((selector) => recordsAll(selector, exclusion)));
  return { allBut: [], excludes };
};

/** Whether a selector records every event that meets a condition, but for what its own exclusions account for. */
const recordsAll = ({ only, excludes }: Selector, condition: Condition): boolean =>
  excludes.every(
    (exclusion) => areApart(exclusion, condition) || (only.length === 0 && isPart(exclusion, condition)),
  ) &&
  [...Map.groupBy(only, ({ field }) => field).values()].every((allowed) =>
    allowed.some((one) => contains(one, condition)),
  );

/** Whether the first condition is met by some of the events that meet the second one. */
const isPart = (part: Condition, whole: Condition): boolean =>
  contains(whole, part) && !contains(part, whole);

/** Whether every event that meets the second condition meets the first one. */
const contains = (outer: Condition, inner: Condition): boolean => {
  if (outer.field !== inner.field) return false;
  const isComparable = inner.operator === 'Equals' || inner.operator === outer.operator;
  if (!isComparable) return false;
  if (outer.operator === 'StartsWith') return inner.value.startsWith(outer.value);
  if (outer.operator === 'EndsWith') return inner.value.endsWith(outer.value);
  return outer.operator === 'Equals' && inner.value === outer.value;
};

/** Whether no event meets both conditions. A beginning and an end may be those of one value. */
const areApart = (a: Condition, b: Condition): boolean =>
  a.field === b.field &&
  (a.operator === b.operator || a.operator === 'Equals' || b.operator === 'Equals') &&
  !contains(a, b) &&
  !contains(b, a);

/** `eventName AssumeRole`, `eventName Get*`, in order and once each. */
export const inWords = (conditions: readonly Condition[]): string[] =>
  [
    ...new Set(conditions.map(({ field, operator, value }) => `${field} ${pattern(operator, value)}`)),
  ].toSorted();

const pattern = (operator: string, value: string): string => {
  if (operator === 'StartsWith') return `${value}*`;
  if (operator === 'EndsWith') return `*${value}`;
  return operator === 'Equals' ? value : `${operator} ${value}`;
};
