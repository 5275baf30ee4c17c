import { AuditEvent, SCHEMA_VERSION, explainIssues } from '@compliance/core';
import * as z from 'zod';

const Versioned = z.looseObject({ schemaVersion: z.number() });

/** A line of a ledger: the event, or why it is none. */
type ParsedLine = { readonly event: AuditEvent } | { readonly problem: string; readonly isLater: boolean };

/** Parses one line of a ledger. */
export const parseLine = (text: string): ParsedLine => {
  const value = parseJson(text);
  if (value === undefined) return { problem: 'It is not JSON.', isLater: false };
  const event = AuditEvent.safeParse(value);
  if (event.success) return { event: event.data };
  const version = Versioned.safeParse(value).data?.schemaVersion;
  return version !== undefined && version > SCHEMA_VERSION
    ? { problem: `A later release wrote it, with schema ${version}.`, isLater: true }
    : { problem: `It is not an audit event: ${explainIssues(event.error)}`, isLater: false };
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};
