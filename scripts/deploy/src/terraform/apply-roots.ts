import pMap from 'p-map';

import { confirm } from '../context/confirm.ts';
import { assertKeepsData } from './assert-keeps-data.ts';
import { forgetPolicies } from './forget-policies.ts';
import { untaintResources } from './untaint.ts';
import {
  PLAN,
  prepareRoot,
  prepareIfDeployed,
  assertSuccess,
  runInRoot,
  TerraformFailure,
  type Root,
} from './root.ts';
import { applyPlanned } from './import-existing.ts';
import type { DeployContext } from '../context/deploy-context.ts';

export interface PlannedRoot {
  readonly root: Root;
  /** The planned changes, one line each; empty when the state is up to date. */
  readonly changes: readonly string[];
}

/** Plans every root, and prints the changes. */
export const planRoots = async (
  context: DeployContext,
  roots: readonly Root[],
): Promise<readonly PlannedRoot[]> => {
  const { say, options } = context;
  return pMap(
    roots,
    async (root) => {
      await prepareRoot(context, root);
      await untaintResources(context, root);
      await forgetPolicies(context, root);
      const end = await runInRoot(context, root, [
        'plan',
        '-input=false',
        '-detailed-exitcode',
        `-out=${PLAN}`,
      ]);
      if (end.code === 1) assertSuccess(root, 'plan', end);
      const changes = end.code === 2 ? parseChanges(end.output) : [];
      say(changes.length === 0 ? `${root.key}: no changes` : `${root.key}:\n${indent(changes)}`);
      return { root, changes };
    },
    { concurrency: options.PARALLEL },
  );
};

/** Returns lines such as `aws_iam_role.x will be created`, and the line that counts them. */
const parseChanges = (output: string): readonly string[] => {
  const lines = output
    .split('\n')
    .filter((line) => /^ +# .+ (will|must) (no longer )?be /.test(line) || line.startsWith('Plan:'))
    .map((line) => line.trim().replace(/^# /, ''));
  return lines.length === 0 ? ['only outputs change'] : lines;
};

const indent = (lines: readonly string[]) => lines.map((line) => `  ${line}`).join('\n');

/** What `applyRoots` did. */
interface AppliedRoots {
  readonly changed: readonly Root[];
  /** The failures that were tolerated. */
  readonly tolerated: readonly TerraformFailure[];
}

/** Whether a failure does not stop the other roots; the caller then finds out what became of it. */
type Tolerates = (failure: TerraformFailure) => boolean;

/**
 * Plans all roots, asks once, and applies the plans: stage after stage, the roots of a stage in parallel.
 * Roots without changes are skipped, so that running an interrupted command again resumes it.
 */
export const applyRoots = async (
  context: DeployContext,
  stages: readonly (readonly Root[])[],
  tolerates?: Tolerates,
): Promise<AppliedRoots> => {
  const changed = await planChanges(context, stages);
  if (changed.length === 0) return { changed, tolerated: [] };
  await confirm(context, `Apply these changes to ${describeRoots(changed)}?`);
  return { changed, tolerated: await applyPlans(context, stages, changed, tolerates) };
};

/** Plans all roots, and prints the changes. @returns the roots that would change */
export const planChanges = async (
  context: DeployContext,
  stages: readonly (readonly Root[])[],
): Promise<readonly Root[]> => {
  const planned = await planRoots(context, stages.flat());
  assertKeepsData(planned);
  return planned.filter(({ changes }) => changes.length > 0).map(({ root }) => root);
};

/** Applies the plans of the roots that change, without asking: stage after stage. @returns the tolerated failures */
export const applyPlans = async (
  context: DeployContext,
  stages: readonly (readonly Root[])[],
  changed: readonly Root[],
  tolerates: Tolerates = () => false,
): Promise<readonly TerraformFailure[]> => {
  const tolerated: TerraformFailure[] = [];
  for (const stage of stages)
    await pMap(
      stage.filter((root) => changed.includes(root)),
      async (root) => {
        try {
          await applyOne(context, root);
        } catch (error) {
          if (!(error instanceof TerraformFailure && tolerates(error))) throw error;
          tolerated.push(error);
        }
      },
      { concurrency: context.options.PARALLEL },
    );
  return tolerated;
};

const applyOne = async (context: DeployContext, root: Root) => {
  const startedAt = performance.now();
  const end = await applyPlanned(context, root);
  context.say(
    `${root.key}: ${/^Apply complete!.*$/m.exec(end.output)?.[0] ?? 'applied'} ${seconds(startedAt)}`,
  );
};

/** Destroys the roots that have resources in their state, stage after stage. */
export const destroyRoots = async (
  context: DeployContext,
  stages: readonly (readonly Root[])[],
): Promise<void> => {
  for (const stage of stages)
    await pMap(
      stage,
      async (root) => {
        const startedAt = performance.now();
        if (!(await prepareIfDeployed(context, root))) return;
        const end = await runInRoot(context, root, ['destroy', '-input=false', '-auto-approve']);
        assertSuccess(root, 'destroy', end);
        context.say(
          `${root.key}: ${/^Destroy complete!.*$/m.exec(end.output)?.[0] ?? 'destroyed'} ${seconds(startedAt)}`,
        );
      },
      { concurrency: context.options.PARALLEL },
    );
};

const seconds = (startedAt: number) => `(${Math.round((performance.now() - startedAt) / 1000)} s)`;

export const describeRoots = (roots: readonly Root[]): string =>
  `${roots.length} state(s) in ${new Set(roots.map(({ accountId }) => accountId)).size} account(s)`;
