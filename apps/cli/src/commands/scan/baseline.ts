import { explain } from '@compliance/core/scan';
import { isViolation } from '@compliance/report';
import * as z from 'zod';

import { readText } from '../../input/read-text.ts';
import { UsageError } from '../../output/exit-codes.ts';
import type { Fails } from './finding-facts.ts';

const Known = z.looseObject({
  accountId: z.string(),
  region: z.string().optional(),
  command: z.string().optional(),
  resourceType: z.string().optional(),
  resourceId: z.string().optional(),
  complianceType: z.enum(['COMPLIANT', 'NON_COMPLIANT', 'NOT_APPLICABLE', 'INSUFFICIENT_DATA']),
});

/** Tells the violations that an earlier scan, written as JSON or NDJSON, did not have. @throws {UsageError} when the file is neither */
export const readBaseline = async (file: string): Promise<Fails> => {
  const text = await readText(file);
  let rows: z.infer<typeof Known>[];
  try {
    const values: unknown = text.trimStart().startsWith('[')
      ? JSON.parse(text)
      : text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [JSON.parse(line) as unknown]));
    rows = z.array(Known).parse(values);
  } catch (error) {
    throw new UsageError(
      `${file} is no output of compliance scan --format json or ndjson: ${explain(error)}`,
      { cause: error },
    );
  }
  const known = new Set(rows.filter(({ complianceType }) => complianceType === 'NON_COMPLIANT').map(keyOf));
  return (finding) => isViolation(finding) && !known.has(keyOf(finding));
};

type Place = Pick<z.infer<typeof Known>, 'accountId' | 'region' | 'command' | 'resourceType' | 'resourceId'>;

const keyOf = ({ accountId, region, command, resourceType, resourceId }: Place): string =>
  [accountId, region, command, resourceType, resourceId].join('\n');
