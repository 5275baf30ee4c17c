/** CloudWatch Logs cuts an event after 256 KiB. What is cut is no JSON, and no metric counts it. */
const MAX_TEXT = 4000;

/** A line of the log as JSON. Texts are shortened: an error may say as much as somebody put into a broken file. */
export const logLine = (line: object): string =>
  `${JSON.stringify(line, (_, value: unknown) =>
    typeof value === 'string' && value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}…` : value,
  )}\n`;
