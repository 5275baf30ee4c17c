import { explain } from '@compliance/core';
import * as z from 'zod';

import { awsError } from '../protocol/aws-error.ts';
import type { AutomationRun } from './run-automation.ts';

/** One execution for each target, a few at a time. */
export interface RateControl {
  /** The parameter of the document that gets the target. */
  readonly parameterName: string;
  readonly targets: readonly string[];
  readonly maxConcurrency: number;
  /** How many targets may fail before no other begins. */
  readonly maxErrors: number;
}

const NumberOrPercent = z.string().regex(/^\d{1,7}%?$/);
export const RateControlRequest = z.object({
  TargetParameterName: z.string().min(1).max(50).optional(),
  Targets: z
    .array(z.object({ Key: z.string(), Values: z.array(z.string()).max(50) }))
    .max(5)
    .optional(),
  MaxConcurrency: NumberOrPercent.optional(),
  MaxErrors: NumberOrPercent.optional(),
});

/**
 * The rate control of a request, if any.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/running-automations-scale.html
 */
export const rateControlOf = ({
  TargetParameterName: parameterName,
  Targets: [target, ...others] = [],
  MaxConcurrency = '10',
  MaxErrors = '0',
}: z.output<typeof RateControlRequest>): RateControl | undefined => {
  if (parameterName === undefined && target === undefined) return undefined;
  if (parameterName === undefined || target === undefined)
    throw invalid('TargetParameterName and Targets are given together or not at all.');
  if (target.Key !== 'ParameterValues' || others.length > 0)
    throw invalid(
      `Not supported by the local SSM: targets by ${target.Key}. Use one target with Key=ParameterValues.`,
    );
  const { length } = target.Values;
  return {
    parameterName,
    targets: target.Values,
    maxConcurrency: Math.max(1, countOf(MaxConcurrency, length)),
    maxErrors: countOf(MaxErrors, length),
  };
};

const countOf = (text: string, all: number): number =>
  text.endsWith('%') ? Math.floor((all * Number(text.slice(0, -1))) / 100) : Number(text);

const invalid = (message: string) => awsError('InvalidTarget', message, 400);

/** Starts an execution for each target; resolves when the last has ended. `startOne` resolves to why it failed, if it did. */
export const runForEachTarget = async (
  { targets, maxConcurrency, maxErrors }: RateControl,
  startOne: (target: string) => Promise<string | undefined>,
  isCancelled: () => boolean,
): Promise<Pick<AutomationRun, 'status' | 'outputs' | 'failure'>> => {
  const waiting = [...targets];
  const failures: string[] = [];
  const startNext = async (): Promise<void> => {
    const target = isCancelled() || failures.length > maxErrors ? undefined : waiting.shift();
    if (target === undefined) return;
    const failure = await startOne(target).catch(explain);
    if (failure !== undefined) failures.push(`${target}: ${failure}`);
    await startNext();
  };
  await Promise.all(Array.from({ length: maxConcurrency }, startNext));
  if (isCancelled()) return { status: 'Cancelled', outputs: {} };
  return failures.length > maxErrors
    ? {
        status: 'Failed',
        outputs: {},
        failure: `${failures.length} of ${targets.length} targets failed: ${failures.join('; ')}`,
      }
    : { status: 'Success', outputs: {} };
};
