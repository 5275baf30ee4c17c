import * as z from 'zod';

import { assertSuccess, runInRoot, type Root } from './root.ts';
import type { DeployContext } from '../context/deploy-context.ts';

const State = z.object({
  resources: z
    .array(
      z.object({
        type: z.string(),
        name: z.string(),
        instances: z.array(
          z.object({
            status: z.string().optional(),
            index_key: z.union([z.string(), z.number()]).optional(),
          }),
        ),
      }),
    )
    .default([]),
});

/**
 * Untaints all resources of a root, so that Terraform updates them instead of replacing them.
 * The provider taints what it could not wait for, because of an interruption or a timeout. Terraform would delete and
 * recreate it: a bucket, a key, a pack of the whole organization.
 */
export const untaintResources = async (context: DeployContext, root: Root): Promise<void> => {
  const end = await runInRoot(context, root, ['state', 'pull']);
  assertSuccess(root, 'state pull', end);
  if (!end.output.includes('tainted')) return;
  const { resources } = State.parse(JSON.parse(end.output));
  for (const { type, name, instances } of resources)
    for (const { status, index_key: key } of instances)
      if (status === 'tainted') {
        const address = `${type}.${name}${key === undefined ? '' : `[${JSON.stringify(key)}]`}`;
        assertSuccess(root, 'untaint', await runInRoot(context, root, ['untaint', address]));
      }
};
