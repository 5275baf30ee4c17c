import { AuditEvent, SCHEMA_VERSION } from '@compliance/core';
import * as z from 'zod';

/** Prints the JSON Schema of an audit event, which also describes events of schema 1. */
export const printSchema = (): void => {
  const schema = {
    ...z.toJSONSchema(AuditEvent, { io: 'input', reused: 'ref' }),
    title: `Audit event of Continuous Compliance, schema ${SCHEMA_VERSION}`,
  };
  process.stdout.write(`${JSON.stringify(schema, null, 2)}\n`);
};
