import {
  AccountClient,
  GetAlternateContactCommand,
  type GetAlternateContactCommandInput,
} from '@aws-sdk/client-account';

import { awsError, on, type FakeAnswer } from '../src/testing/fake-session.ts';

/** Fakes an account's security contact; without an address, it has none. */
export const fakeContact = (EmailAddress?: string): FakeAnswer =>
  on(
    AccountClient,
    GetAlternateContactCommand,
    ({ AccountId, AlternateContactType }: GetAlternateContactCommandInput) => {
      if (AccountId !== undefined)
        throw awsError('AccessDeniedException', 'Only the organization may name a member');
      if (EmailAddress === undefined) throw awsError('ResourceNotFoundException', 'No such contact', 404);
      return { AlternateContact: { AlternateContactType, EmailAddress } };
    },
  );
