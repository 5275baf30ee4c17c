import { AuditEvent, SCHEMA_VERSION, explain } from '@compliance/core';
import * as z from 'zod';

const Versioned = z.looseObject({ schemaVersion: z.number() });

/** A line of a ledger: the event, or why it is none. */
type ParsedLine = { readonly event: AuditEvent } | { readonly problem: string; readonly isLater: boolean };

/** Parses one line of a ledger. */
export const parseLine = (text: string): ParsedLine => {
  const value = parseJson(text);
  if (value === undefined) return { problem: 'It is not JSON.', isLater: false };
  const event = parseEvent(value);
  if ('event' in event) return event;
  const version = Versioned.safeParse(value).data?.schemaVersion;
  return version !== undefined && version > SCHEMA_VERSION
    ? { problem: `A later release wrote it, with schema ${version}.`, isLater: true }
    : { problem: `It is not an audit event: ${shortened(event.problem)}`, isLater: false };
};

/** A value that is nested too deeply ends in a RangeError. */
const parseEvent = (value: unknown): { readonly event: AuditEvent } | { readonly problem: string } => {
  try {
    return { event: AuditEvent.parse(value) };
  } catch (error) {
    return { problem: explain(error) };
  }
};

/** One line may have thousands of mistakes. */
const LONGEST_PROBLEM = 300;

const shortened = (problem: string): string =>
  problem.length <= LONGEST_PROBLEM ? problem : `${problem.slice(0, LONGEST_PROBLEM)}...`;

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};
