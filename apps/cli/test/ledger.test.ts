import { AuditEvent } from '@compliance/core';
import * as z from 'zod';
import { expect, test } from 'vitest';

import { printSchema } from '../src/commands/ledger/run.ts';
import { printed } from './printed.ts';

const Schema = z.object({
  title: z.string(),
  oneOf: z.array(
    z.looseObject({
      properties: z.looseObject({ type: z.object({ const: z.string() }) }),
      required: z.array(z.string()),
    }),
  ),
});

test('ledger schema prints every type of event with the members that each has', async () => {
  const { title, oneOf } = Schema.parse(JSON.parse(await printed(async () => printSchema())));
  expect(title).toBe('Audit event of Continuous Compliance, schema 2');
  const types = AuditEvent.options.map(({ shape }) => shape.type.value);
  expect(oneOf.map(({ properties }) => properties.type.const)).toEqual(types);
  for (const { required } of oneOf)
    expect(required).toEqual(expect.arrayContaining(['type', 'schemaVersion', 'id', 'time']));
});
