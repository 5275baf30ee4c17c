import { join } from 'node:path';

import { REGION, type FakeAws } from './start-fake-aws.ts';
import { runProcess } from './run-process.ts';
import { MASTER } from './sample-world.ts';

export interface FunctionRun {
  /** Time from the start of the process to the loaded handler. */
  readonly readyMs: number;
  /** Time of all invocations. */
  readonly invokedMs: number;
  readonly mostMemoryBytes: number;
  /** Bytes of loaded JavaScript, with `watch: 'loaded'`. */
  readonly loadedBytes: number;
  /** Bytes in use after each full garbage collection in order, with `watch: 'heap'`. */
  readonly liveHeapBytes: readonly number[];
  readonly answers: readonly unknown[];
  /** Time from the start of the process to its end. */
  readonly wallMs: number;
  /** Time from the start of the process to the end of the last invocation. */
  readonly answeredMs: number;
}

export type FunctionName = 'evaluate' | 'remediate';

export interface FunctionOptions {
  readonly events: readonly object[];
  readonly nodeFlags?: readonly string[];
  /** What to observe during the run, which costs time. */
  readonly watch?: keyof typeof WATCHES;
}

const HERE = import.meta.dirname;

const WATCHES = { loaded: 'count-loaded.mjs', heap: 'watch-heap.mjs' } as const;

export const bundleOf = (name: FunctionName): string => join(HERE, `../../apps/${name}/dist/function`);

/** Runs a built function in a process of its own, with one event after the other. */
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
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- run-function.mjs writes this type.
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
