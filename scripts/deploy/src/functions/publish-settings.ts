import { confirm } from '../context/confirm.ts';
import type { DeployContext } from '../context/deploy-context.ts';
import { preparePublication } from './publication.ts';

/**
 * Shows what the settings and exemptions change, asks, and publishes them to both functions.
 * @throws {Error} with every problem, before anything is changed
 */
export const publishSettings = async (context: DeployContext): Promise<void> => {
  const { difference, publish } = await preparePublication(context);
  if (difference === undefined) {
    context.say('Nothing to publish: the functions have exactly these settings and exemptions.');
    return;
  }
  context.say(difference);
  await confirm(context, 'Publish these settings?');
  await publish();
};
