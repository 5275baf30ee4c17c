import type { AuditEvent } from './audit-event.ts';

/** Bytes of a text on its way to AWS. */
export const byteLength = (text: string): number => Buffer.byteLength(text, 'utf8');

/**
 * The event as JSON of at most `maxBytes`. One that is too long loses its longest members, one after another, and
 * says which: `shortened: { bytes, omitted }`. The ledger keeps it whole, under the same id.
 */
export const fitEvent = (event: AuditEvent, maxBytes: number): string => {
  const whole = JSON.stringify(event);
  const bytes = byteLength(whole);
  if (bytes <= maxBytes) return whole;

  const longestFirst = Object.entries(event)
    .filter(([name]) => !KEPT.has(name))
    .toSorted(([, a], [, b]) => byteLength(JSON.stringify(b)) - byteLength(JSON.stringify(a)))
    .map(([name]) => name);
  for (let count = 1; count <= longestFirst.length; count += 1) {
    const omitted = longestFirst.slice(0, count);
    const rest = Object.fromEntries(Object.entries(event).filter(([name]) => !omitted.includes(name)));
    const text = JSON.stringify({ ...rest, shortened: { bytes, omitted } });
    if (byteLength(text) <= maxBytes) return text;
  }
  throw new Error(`An audit event does not fit into ${maxBytes} bytes even without its content.`);
};

// What finds the whole event in the ledger.
const KEPT = new Set(['schemaVersion', 'type', 'id', 'time']);
