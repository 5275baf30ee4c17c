import { UNPROVEN_KEY, policyOrganization } from '@compliance/infra';

import { confirm } from '../context/confirm.ts';
import type { DeployContext } from '../context/deploy-context.ts';
import { applyPlans, describeRoots, planChanges } from '../terraform/apply-roots.ts';
import { masterRoots } from '../terraform/roots.ts';
import { findFormerStatements, removeFormerStatements } from './former-statements.ts';
import { preparePublication } from './publication.ts';

/** Shows what changes in the master account and in the published settings, asks once, and does both. */
export const deployMaster = async (context: DeployContext): Promise<void> => {
  const stages = masterRoots(context);
  const changed = await planChanges(context, stages);
  const { difference, publish } = await preparePublication(context, ['deploy-master']);
  if (difference !== undefined) context.say(difference);
  if (changed.length > 0 && policyOrganization(context.settings.organization) !== undefined)
    context.say(`warning: organization.invokePermission: organization ${UNPROVEN_KEY}`);
  const former = await findFormerStatements(context);
  const todo = [
    ...(changed.length === 0 ? [] : [`apply these changes to ${describeRoots(changed)}`]),
    ...(former.length === 0 ? [] : ['remove the statements that admit the organization']),
    ...(difference === undefined ? [] : ['publish these settings']),
  ].join(', and ');
  if (todo === '') {
    context.say('Nothing to change.');
    return;
  }
  await confirm(context, `${todo.charAt(0).toUpperCase()}${todo.slice(1)}?`);
  await applyPlans(context, stages, changed);
  await removeFormerStatements(context, former);
  if (difference !== undefined) await publish();
};
