import { bestEffort } from '../base/best-effort.ts';
import type { Session } from '../aws/session.ts';

/** The security contacts of accounts. They own findings that neither a tag nor the settings assign. */
export interface AccountContacts {
  /** The e-mail address. After a failed lookup there is none for an hour, and the function's log says why. */
  readonly ask: (session: Session) => Promise<string | undefined>;
  /** The last answer, without a call. */
  readonly known: (accountId: string) => string | undefined;
}

const HOUR_MS = 3_600_000;

/** Contacts, looked up at most once per account and hour. */
export const createAccountContacts = (): AccountContacts => {
  const asked = new Map<string, { readonly answer: Promise<string | undefined>; readonly until: number }>();
  const known = new Map<string, string | undefined>();
  return {
    ask: (session) => {
      const { accountId, clock } = session;
      const now = clock.now().getTime();
      const last = asked.get(accountId);
      if (last && now < last.until) return last.answer;
      const answer = contactOf(session).then((contact) => {
        known.set(accountId, contact);
        return contact;
      });
      asked.set(accountId, { answer, until: now + HOUR_MS });
      return answer;
    },
    known: (accountId) => known.get(accountId),
  };
};

const contactOf = (session: Session) =>
  bestEffort(
    `The security contact of account ${session.accountId} could not be read, so its findings go to the default owner for an hour`,
    // The client is loaded only when needed, which is rare.
    async () => (await import('./security-contact.ts')).securityContact(session),
    undefined,
  );
