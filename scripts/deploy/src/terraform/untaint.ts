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
 * The provider marks what it made and did not see whole, because it was interrupted or AWS took its time; Terraform
 * would then delete it and make it anew: a bucket, a key, a pack of the whole organization. Without the mark it changes
 * what is not as it should be.
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
