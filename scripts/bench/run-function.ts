import { join } from 'node:path';

import { REGION, type FakeAws } from './start-fake-aws.ts';
import { runProcess } from './run-process.ts';
import { MASTER } from './sample-world.ts';

export interface FunctionRun {
  /** From the start of the process to the loaded handler. */
  readonly readyMs: number;
  /** All invocations together. */
  readonly invokedMs: number;
  readonly mostMemoryBytes: number;
  /** With `watch: 'loaded'`: of JavaScript. */
  readonly loadedBytes: number;
  /** With `watch: 'heap'`: in use after each full collection, in the order they came. */
  readonly liveHeapBytes: readonly number[];
  readonly answers: readonly unknown[];
  /** From the start of the process to its end. */
  readonly wallMs: number;
  /** From the start of the process to the end of the last invocation. */
  readonly answeredMs: number;
}

export type FunctionName = 'evaluate' | 'remediate';

export interface FunctionOptions {
  readonly events: readonly object[];
  readonly nodeFlags?: readonly string[];
  /** What to look at while it runs; it costs time. */
  readonly watch?: keyof typeof WATCHES;
}

const HERE = import.meta.dirname;

const WATCHES = { loaded: 'count-loaded.mjs', heap: 'watch-heap.mjs' } as const;

export const bundleOf = (name: FunctionName): string => join(HERE, `../../apps/${name}/dist/function`);

/** Runs a function as it is built, in a process of its own, with one event after the other. */
export const runFunction = async (
  aws: FakeAws,
  name: FunctionName,
  { events, nodeFlags = [], watch }: FunctionOptions,
): Promise<FunctionRun> => {
  const { stdout, wallMs, answeredMs } = await runProcess(
    process.execPath,
    [
      ...nodeFlags,
      ...(watch === undefined ? [] : ['--import', join(HERE, WATCHES[watch])]),
      join(HERE, 'run-function.mjs'),
      join(bundleOf(name), 'index.mjs'),
      `arn:aws:lambda:${REGION}:${MASTER}:function:${name}`,
    ],
    { environment: functionEnvironment(aws), input: JSON.stringify(events) },
  );
  const lastLine = stdout.trimEnd().split('\n').at(-1) ?? '';
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- run-function.mjs wrote it.
  const report = JSON.parse(lastLine) as Omit<FunctionRun, 'wallMs' | 'answeredMs'>;
  return { ...report, wallMs, answeredMs };
};

export const functionEnvironment = (aws: FakeAws) => ({
  ...aws.environment(MASTER),
  COMPLIANCE_HOME_REGION: REGION,
  COMPLIANCE_SETTINGS_BUCKET: 'settings',
  COMPLIANCE_STATE_TABLE: 'compliance-state',
  COMPLIANCE_AUDIT_LOG_GROUP: '/compliance/audit',
  COMPLIANCE_TOPIC_ARN: `arn:aws:sns:${REGION}:${MASTER}:compliance`,
  COMPLIANCE_LEDGER_BUCKET: 'ledger',
});
