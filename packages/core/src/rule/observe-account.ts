import { ACCOUNT_TYPE, type Resource } from '../aws/resource.ts';
import type { Session } from '../aws/session.ts';
import type { Observation, Rule } from './rule.ts';

/** Where facts come from: AWS now, or what another rule of the same sweep has read. A fix decides by live facts. */
export type Reads = 'live' | 'shared';

type Read<Facts, Handles> = (session: Session) => Promise<Observation<Facts, Handles>>;

/**
 * Observes the account itself, which is one resource per account and Region.
 * `shared` may reuse what another rule of the same sweep loaded; `live` never does.
 */
export const observeAccount = <Facts, Handles = unknown>(
  live: Read<Facts, Handles>,
  shared: Read<Facts, Handles> = live,
): Pick<Rule<Facts, unknown, Handles>['observe'], 'get' | 'list'> => ({
  get: (_, { session }) => live(session),
  list: async function* ({ session }) {
    const resource: Resource = { resourceType: ACCOUNT_TYPE, resourceId: session.accountId };
    yield { resource, ...(await shared(session)) };
  },
});
