import {
  AccountClient,
  GetAlternateContactCommand,
  type GetAlternateContactCommandInput,
} from '@aws-sdk/client-account';

import { awsError, on, type FakeAnswer } from '../src/testing/fake-session.ts';

/** An account whose security contact has this address; without one it has no such contact. */
export const fakeContact = (EmailAddress?: string): FakeAnswer =>
  on(
    AccountClient,
    GetAlternateContactCommand,
    ({ AccountId, AlternateContactType }: GetAlternateContactCommandInput) => {
      if (AccountId !== undefined)
        throw awsError('AccessDeniedException', 'Of members only the organization asks so');
      if (EmailAddress === undefined) throw awsError('ResourceNotFoundException', 'No such contact', 404);
      return { AlternateContact: { AlternateContactType, EmailAddress } };
    },
  );
