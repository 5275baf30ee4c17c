import { bestEffort } from '../base/best-effort.ts';
import type { Session } from '../aws/session.ts';

/** The security contacts of accounts: whom findings go to where neither a tag nor the settings say. */
export interface AccountContacts {
  /** The e-mail address. An account that cannot be asked has none for the hour, and the function's log says why. */
  readonly ask: (session: Session) => Promise<string | undefined>;
  /** What the last answer was, if there was one: no call. */
  readonly known: (accountId: string) => string | undefined;
}

const HOUR_MS = 3_600_000;

/** Contacts that are asked for at most once per account and hour. */
export const createAccountContacts = (): AccountContacts => {
  const asked = new Map<string, { readonly answer: Promise<string | undefined>; readonly until: number }>();
  const known = new Map<string, string | undefined>();
  return {
    ask: (session) => {
      const { accountId } = session;
      const last = asked.get(accountId);
      if (last && performance.now() < last.until) return last.answer;
      const answer = contactOf(session).then((contact) => {
        known.set(accountId, contact);
        return contact;
      });
      asked.set(accountId, { answer, until: performance.now() + HOUR_MS });
      return answer;
    },
    known: (accountId) => known.get(accountId),
  };
};

const contactOf = (session: Session) =>
  bestEffort(
    `The security contact of account ${session.accountId} is not known, so for an hour its findings go to the default owner`,
    // The client is loaded by the few events that ask.
    async () => (await import('./security-contact.ts')).securityContact(session),
    undefined,
  );
