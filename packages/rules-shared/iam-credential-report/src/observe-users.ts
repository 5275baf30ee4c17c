import { IAMClient } from '@aws-sdk/client-iam';
import { defined, type Observation, type Permissions, type Rule } from '@compliance/core/rule';

import { credentialReport, userRows } from './credential-report.ts';
import type { ReportRow } from './report-row.ts';
import { isoOf } from './time.ts';
import { findUser, identityOf, listUsers, resourceOf, type LiveUser } from './user.ts';

/** How the facts of a user are read. Both ways return the same facts of the same user. */
interface UserReads<Facts, Handles> {
  /** From the credential report. `undefined`: the report does not say, so the user is read live. */
  readonly row: (row: ReportRow) => Facts | undefined;
  /** Live. `undefined`: the user is gone. */
  readonly one: (
    user: LiveUser,
    client: IAMClient,
  ) => Promise<Omit<Observation<Facts, Handles>, 'identity'> | undefined>;
}

/**
 * Creates the `observe` of a rule on IAM users.
 * A sweep reads the credential report, which may be four hours old; a fix reads the one user live.
 */
export const observeUsers = <Facts, Handles = unknown>({
  row,
  one,
}: UserReads<Facts, Handles>): Pick<Rule<Facts, unknown, Handles>['observe'], 'get' | 'list'> => ({
  get: async (resource, { session }) => {
    const client = session.client(IAMClient);
    const user = await findUser(resource, client);
    const seen = user && (await one(user, client));
    return user && seen && { ...seen, identity: identityOf(user) };
  },
  list: async function* ({ session }) {
    const [report, users] = await Promise.all([credentialReport(session), listUsers(session)]);
    const rows = new Map(userRows(report).map((found) => [found.user, found]));
    for (const user of users) {
      const found = rows.get(user.UserName ?? '');
      // The report may lack a newer user, or have an earlier user of that name.
      const facts = found && found.created === isoOf(user.CreateDate) ? row(found) : undefined;
      yield { resource: resourceOf(user), ...defined({ facts }) };
    }
  },
});

/** The permissions of `observeUsers`. A rule adds those of what it reads of one user, and of its fix. */
export const USER_PERMISSIONS = {
  list: ['iam:GenerateCredentialReport', 'iam:GetCredentialReport', 'iam:ListUsers'],
  get: ['iam:GetUser', 'iam:ListUsers'],
  fix: [],
  undo: [],
} as const satisfies Permissions;
