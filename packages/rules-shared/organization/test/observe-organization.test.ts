import { awsError, fakeSession } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import { observeOrganization } from '../src/index.ts';

const session = fakeSession({ allow: [], answers: [] });
const resource = { resourceType: 'AWS::::Account', resourceId: session.accountId };
const observing = (read: () => Promise<string>) => observeOrganization(read).get(resource, { session });
const failing = (code: string) => observing(() => Promise.reject(awsError(code)));

test('what a rule reads of an organization are its facts', async () => {
  await expect(observing(async () => 'read')).resolves.toEqual({ facts: { organization: 'read' } });
});

test.for(['AWSOrganizationsNotInUseException', 'OrganizationNotFoundException'])(
  'an account in no organization, by %s, is observed as such',
  async (code) => {
    await expect(failing(code)).resolves.toEqual({ facts: { organization: null } });
  },
);

test('an organization that may not be read is an error', async () => {
  await expect(failing('AccessDeniedException')).rejects.toThrow('AccessDenied');
});
