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
 * Parses an EventBridge pattern of exact values and prefixes.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 * @throws {Error} for an unsupported matcher, such as `anything-but`
 */
export const parseEventPattern = (text: string): EventPattern => {
  const parsed = EventPattern.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  throw new Error(
    `Not supported by the local organization: event pattern ${text}, which has more than exact values and prefixes. Add it to events/event-pattern.ts.`,
    { cause: parsed.error },
  );
};

/** Whether an event has a matching value in every field of the pattern; one of a list is enough. */
export const matchesPattern = (pattern: EventPattern, event: unknown): boolean =>
  Object.entries(pattern).every(([field, expected]) => {
    const value = fieldOf(event, field);
    return isMatchers(expected)
      ? [value].flat().some((item) => expected.some((matcher) => matches(matcher, item)))
      : matchesPattern(expected, value);
  });

const fieldOf = (event: unknown, field: string): unknown =>
  typeof event === 'object' && event !== null ? new Map(Object.entries(event)).get(field) : undefined;

const isMatchers = (expected: EventPattern[string]): expected is readonly Matcher[] =>
  Array.isArray(expected);

const matches = (matcher: Matcher, value: unknown): boolean =>
  'exact' in matcher
    ? value === matcher.exact
    : typeof value === 'string' && value.startsWith(matcher.prefix);
