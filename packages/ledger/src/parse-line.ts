import { AuditEvent, explainIssues, permanent } from '@compliance/core';
import * as z from 'zod';

const SCHEMA_VERSION = 1;
const Versioned = z.looseObject({ schemaVersion: z.number() });

/** Parses one line of a ledger. `place` names the line in an error. */
export const parseLine = (text: string, place: string): AuditEvent => {
  const value = parseJson(text, place);
  const version = Versioned.safeParse(value).data?.schemaVersion;
  if (version !== undefined && version > SCHEMA_VERSION)
    throw permanent(
      'newer-ledger',
      `Unsupported ledger event: ${place} has schema version ${version}; ${SCHEMA_VERSION} is the latest that this software reads. Update this software.`,
    );
  const event = AuditEvent.safeParse(value);
  if (event.success) return event.data;
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
