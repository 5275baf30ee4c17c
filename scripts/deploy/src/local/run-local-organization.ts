import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { startLocalOrg } from '@compliance/local-org';

import { createAccountAccessRole } from './account-access-role.ts';
import { publishLocalOrganization } from './local-organization.ts';
import { WORK } from '../base/paths.ts';

// Runs in a process of its own: the first `make … LOCAL=1` starts it, `make local-stop` stops it.
const org = await startLocalOrg({
  homeRegion: 'eu-west-1',
  regions: ['eu-west-1', 'us-east-1'],
  members: [{ name: 'payments' }, { name: 'sandbox' }],
});
// Any existing state belongs to an organization that no longer exists.
rmSync(join(WORK, 'local/roots'), { recursive: true, force: true });
for (const { id } of org.organization.members) await createAccountAccessRole(org, id);
org.on((event) => {
  if (event.type === 'AccountJoined')
    createAccountAccessRole(org, event.account.id).catch((error: unknown) => console.error(error));
});
const withdraw = publishLocalOrganization(org);
const { promise: ended, resolve: end } = Promise.withResolvers<void>();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => end());
console.log(`The organization is running at ${org.endpointUrl}`);
await ended;
withdraw();
await org.stop();
