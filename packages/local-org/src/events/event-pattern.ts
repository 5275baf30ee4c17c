import * as z from 'zod';

const Matcher = z.union([
  z.union([z.string(), z.number(), z.boolean(), z.null()]).transform((exact) => ({ exact })),
  z.strictObject({ prefix: z.string() }),
]);
type Matcher = z.output<typeof Matcher>;

export interface EventPattern {
  readonly [field: string]: readonly Matcher[] | EventPattern;
}

const EventPattern: z.ZodType<EventPattern> = z.lazy(() =>
  z.record(z.string().regex(/^[^$]/), z.union([z.array(Matcher), EventPattern])),
);

/**
 * Reads a pattern of EventBridge: exact values and prefixes.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 * @throws {Error} for what AWS knows and the local organization does not, as `anything-but`
 */
export const parseEventPattern = (text: string): EventPattern => {
  const parsed = EventPattern.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  throw new Error(
    `The local organization knows exact values and prefixes in a pattern of EventBridge, and not all of ${text}: add it to event-pattern.ts.`,
    { cause: parsed.error },
  );
};

/** Whether an event has a value that fits in every field of the pattern; of a list, one that fits is enough. */
export const matchesPattern = (pattern: EventPattern, event: unknown): boolean =>
  Object.entries(pattern).every(([field, wanted]) => {
    const value = fieldOf(event, field);
    return isMatchers(wanted)
      ? [value].flat().some((one) => wanted.some((matcher) => fits(matcher, one)))
      : matchesPattern(wanted, value);
  });

const fieldOf = (event: unknown, field: string): unknown =>
  typeof event === 'object' && event !== null ? new Map(Object.entries(event)).get(field) : undefined;

const isMatchers = (wanted: EventPattern[string]): wanted is readonly Matcher[] => Array.isArray(wanted);

const fits = (matcher: Matcher, value: unknown): boolean =>
  'exact' in matcher
    ? value === matcher.exact
    : typeof value === 'string' && value.startsWith(matcher.prefix);
