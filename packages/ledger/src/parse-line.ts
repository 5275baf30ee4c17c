import { AuditEvent, permanent } from '@compliance/core';
import * as z from 'zod';

const SCHEMA_VERSION = 1;
const Versioned = z.looseObject({ schemaVersion: z.number() });

/** One line of the ledger. `place` names it in the error. */
export const parseLine = (text: string, place: string): AuditEvent => {
  const value = parseJson(text, place);
  const version = Versioned.safeParse(value).data?.schemaVersion;
  if (version !== undefined && version > SCHEMA_VERSION)
    throw permanent(
      'newer-ledger',
      `${place}: written in schema version ${version}, but this software reads up to ${SCHEMA_VERSION}. Update it.`,
    );
  const event = AuditEvent.safeParse(value);
  if (event.success) return event.data;
  throw permanent(
    'malformed-ledger',
    `${place}: this is no audit event: ${z.prettifyError(event.error)}`,
    event.error,
  );
};

const parseJson = (text: string, place: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw permanent('malformed-ledger', `${place}: this is not JSON: ${String(error)}`, error);
  }
};
