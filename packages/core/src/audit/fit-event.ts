import type { AuditEvent } from './audit-event.ts';

/** The length of a text in bytes, as AWS counts it. */
export const byteLength = (text: string): number => Buffer.byteLength(text, 'utf8');

/**
 * The event as JSON of at most `maxBytes`.
 * A longer event loses its longest members, one after another, and names them: `shortened: { bytes, omitted }`.
 * The ledger holds the whole event under the same id.
 */
export const fitEvent = (event: AuditEvent, maxBytes: number): string => {
  const whole = jsonText(event);
  const bytes = byteLength(whole);
  if (bytes <= maxBytes) return whole;

  const longestFirst = Object.entries(event)
    .filter(([name]) => !REQUIRED.has(name))
    .toSorted(([, a], [, b]) => byteLength(JSON.stringify(b)) - byteLength(JSON.stringify(a)))
    .map(([name]) => name);
  for (let count = 1; count <= longestFirst.length; count += 1) {
    const omitted = longestFirst.slice(0, count);
    const rest = Object.fromEntries(Object.entries(event).filter(([name]) => !omitted.includes(name)));
    const text = jsonText({ ...rest, shortened: { bytes, omitted } });
    if (byteLength(text) <= maxBytes) return text;
  }
  throw new Error(`Audit event too large: it exceeds ${maxBytes} bytes even without its content.`);
};

// Two characters that JSON allows and SNS, which takes XML's alone, does not.
const jsonText = (value: object): string =>
  JSON.stringify(value).replaceAll('\uFFFE', '\\ufffe').replaceAll('\uFFFF', '\\uffff');

// With these, the whole event can be found in the ledger.
const REQUIRED = new Set(['schemaVersion', 'type', 'id', 'time']);
