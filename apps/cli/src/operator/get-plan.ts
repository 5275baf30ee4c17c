import { readPlan, type PlanRecord } from '@compliance/core';

import { UsageError } from '../output/exit-codes.ts';
import type { Operator } from './ask-operator.ts';
import { readInMaster } from './read-in-master.ts';
import { stateTable } from './state-table.ts';

/** Reads one stored plan. @throws {UsageError} when there is none */
export const getPlan = async (access: Operator, id: string): Promise<PlanRecord> => {
  const record = await readInMaster(access, () => readPlan(stateTable(access), id));
  if (record) return record;
  throw new UsageError(`Plan not found: ${id}. List plans with 'compliance plans list --status all'.`);
};
