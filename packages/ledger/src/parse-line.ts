import { AuditEvent, SCHEMA_VERSION, explainIssues, permanent } from '@compliance/core';
import * as z from 'zod';

const Versioned = z.looseObject({ schemaVersion: z.number() });

/** Parses one line of a ledger; `undefined` when a later release wrote it. `place` names the line in an error. */
export const parseLine = (text: string, place: string): AuditEvent | undefined => {
  const value = parseJson(text, place);
  const event = AuditEvent.safeParse(value);
  if (event.success) return event.data;
  const version = Versioned.safeParse(value).data?.schemaVersion;
  if (version !== undefined && version > SCHEMA_VERSION) return undefined;
  throw permanent(
    'malformed-ledger',
    `Malformed ledger: ${place} is not an audit event: ${explainIssues(event.error)}`,
    event.error,
  );
};

const parseJson = (text: string, place: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw permanent('malformed-ledger', `Malformed ledger: ${place} is not JSON: ${String(error)}`, error);
  }
};
